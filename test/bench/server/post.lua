-- For wrk: POSTs a file. Arguments: the file, header fields as a flat JSON object.

function init(arguments)
  wrk.method = "POST"
  local file = assert(io.open(arguments[1], "rb"))
  wrk.body = file:read("*a")
  file:close()
  for name, value in arguments[2]:gmatch('"([^"]+)":"([^"]*)"') do wrk.headers[name] = value end
end
