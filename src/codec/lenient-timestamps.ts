/** Timestamps as servers write them that do not write xs:dateTime. */

// Nothing longer is a timestamp.
const mostCharacters = 64;

const pattern =
  /^(\d{4})(-?)(\d\d)\2(\d\d)(?:[Tt]| +)(\d\d)(:?)(\d\d)(?:\6(\d\d)(?:[.,](\d+))?)? *(?:([Zz]|UTC|GMT)|([+-]\d\d)(?::?(\d\d))?)?$/;

/**
 * `text` in the form of xs:dateTime, where it lacks the zone (taken as UTC) or the seconds, has a space or a small `t` or `z`,
 * no separators, an offset in another form, a comma, or more than six digits of fraction (which are cut off: rounding up
 * would name an instant that was not meant yet). Undefined for what names no instant: a mere date says no time.
 */
export function timestampOf(text: string): string | undefined {
  const trimmed = text.length > mostCharacters ? "" : text.trim();
  const match = pattern.exec(trimmed);
  if (match === null) return undefined;
  const [, year, , month, day, hour, , minute, second = "00", fraction = "", , sign, minutes = "00"] = match;
  const zone = sign === undefined ? "Z" : `${sign}:${minutes}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction === "" ? "" : `.${fraction.slice(0, 6)}`}${zone}`;
}
