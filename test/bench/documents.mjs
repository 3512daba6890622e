// The documents the benchmarks read: Poll_Responses with STIX 1.1.1 packages of a given size.

const namespaces = [
  'xmlns:stix="http://stix.mitre.org/stix-1"',
  'xmlns:indicator="http://stix.mitre.org/Indicator-2"',
  'xmlns:cybox="http://cybox.mitre.org/cybox-2"',
  'xmlns:AddressObj="http://cybox.mitre.org/objects#AddressObject-2"',
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  'xmlns:example="http://example.com/"',
].join(" ");

const sentence =
  "Seen in mail that claims to come from the accounts department; the attachment asks the reader to enable macros and then fetches a second stage. ";

function indicator(block, index) {
  return (
    `<stix:Indicator id="example:indicator-${block}-${index}" timestamp="2014-12-19T00:00:00.000000Z" xsi:type="indicator:IndicatorType">` +
    `<indicator:Title>Watch list entry ${index} of ${block}</indicator:Title><indicator:Description>${sentence}</indicator:Description>` +
    `<indicator:Observable id="example:observable-${block}-${index}"><cybox:Object><cybox:Properties xsi:type="AddressObj:AddressObjectType" category="ipv4-addr">` +
    `<AddressObj:Address_Value condition="Equals">192.0.2.${index % 255}</AddressObj:Address_Value></cybox:Properties></cybox:Object></indicator:Observable></stix:Indicator>\n`
  );
}

function stixPackage(block, size) {
  const head = `<stix:STIX_Package ${namespaces} id="example:package-${block}" version="1.1.1" timestamp="2014-12-19T00:00:00Z"><stix:STIX_Header><stix:Title>Package ${block}</stix:Title></stix:STIX_Header><stix:Indicators>\n`;
  const tail = "</stix:Indicators></stix:STIX_Package>";
  let body = "";
  for (let index = 0; index === 0 || head.length + body.length + tail.length < size - 350; index++) body += indicator(block, index);
  return head + body + tail;
}

/** A Poll_Response of `blocks` blocks of about `size` bytes each. */
export function pollResponse(blocks, size) {
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>\n<taxii_11:Poll_Response xmlns:taxii="http://taxii.mitre.org/messages/taxii_xml_binding-1" xmlns:taxii_11="http://taxii.mitre.org/messages/taxii_xml_binding-1.1" xmlns:tdq="http://taxii.mitre.org/query/taxii_default_query-1" message_id="42" in_response_to="41" collection_name="indicators" more="false" result_part_number="1">',
    `<taxii_11:Inclusive_End_Timestamp>2014-12-20T00:00:00Z</taxii_11:Inclusive_End_Timestamp><taxii_11:Record_Count partial_count="false">${blocks}</taxii_11:Record_Count>`,
  ];
  for (let block = 0; block < blocks; block++) {
    parts.push(
      `<taxii_11:Content_Block><taxii_11:Content_Binding binding_id="urn:stix.mitre.org:xml:1.1.1"/><taxii_11:Content>${stixPackage(block, size)}</taxii_11:Content><taxii_11:Timestamp_Label>2014-12-19T00:00:00.${String(block).padStart(6, "0")}Z</taxii_11:Timestamp_Label></taxii_11:Content_Block>\n`,
    );
  }
  parts.push("</taxii_11:Poll_Response>\n");
  return parts.join("");
}

/** A message of about 500 bytes. */
export function pollRequest() {
  return '<taxii_11:Poll_Request xmlns:taxii_11="http://taxii.mitre.org/messages/taxii_xml_binding-1.1" message_id="1234567890" collection_name="indicators"><taxii_11:Exclusive_Begin_Timestamp>2014-12-19T00:00:00Z</taxii_11:Exclusive_Begin_Timestamp><taxii_11:Poll_Parameters allow_asynch="false"><taxii_11:Response_Type>FULL</taxii_11:Response_Type><taxii_11:Content_Binding binding_id="urn:stix.mitre.org:xml:1.1.1"/></taxii_11:Poll_Parameters></taxii_11:Poll_Request>';
}

/** By name: what the rows of the table are about. */
export const documents = {
  "1,000 × 1 KB": () => pollResponse(1000, 1024),
  "20,000 × 2 KB": () => pollResponse(20_000, 2048),
  "10 × 5 MB": () => pollResponse(10, 5_000_000),
  "500 bytes": () => pollRequest(),
};
