// STIX 1.1.1 packages as they are exchanged: indented, with indicators of several kinds of objects, TTPs and threat actors. The
// same number always gives the same package.

/** Prefixes of the packages, as an XPath needs them as well. */
export const namespaces = {
  xsi: "http://www.w3.org/2001/XMLSchema-instance",
  stix: "http://stix.mitre.org/stix-1",
  stixCommon: "http://stix.mitre.org/common-1",
  stixVocabs: "http://stix.mitre.org/default_vocabularies-1",
  indicator: "http://stix.mitre.org/Indicator-2",
  ttp: "http://stix.mitre.org/TTP-1",
  ta: "http://stix.mitre.org/ThreatActor-1",
  cybox: "http://cybox.mitre.org/cybox-2",
  cyboxCommon: "http://cybox.mitre.org/common-2",
  cyboxVocabs: "http://cybox.mitre.org/default_vocabularies-2",
  AddressObj: "http://cybox.mitre.org/objects#AddressObject-2",
  DomainNameObj: "http://cybox.mitre.org/objects#DomainNameObject-1",
  EmailMessageObj: "http://cybox.mitre.org/objects#EmailMessageObject-2",
  FileObj: "http://cybox.mitre.org/objects#FileObject-2",
  URIObj: "http://cybox.mitre.org/objects#URIObject-2",
  example: "http://example.com/",
};

/** Numbers from 0 to below 1, the same for the same seed. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const words =
  "mail claims to come from the accounts department and asks its reader to enable macros which fetch a second stage that writes a task named like an update service then waits for commands over plain requests to hosts that change every few days while stolen passwords leave in small pieces".split(
    " ",
  );

/** Makes the values of packages. Those that are looked for are never made by chance. */
export class Values {
  #random;

  constructor(seed) {
    this.#random = randomFrom(seed);
  }

  below(limit) {
    return Math.floor(this.#random() * limit);
  }

  hex(length) {
    return Array.from({ length }, () => this.below(16).toString(16)).join("");
  }

  id(kind) {
    return `example:${kind}-${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-a${this.hex(3)}-${this.hex(12)}`;
  }

  address() {
    return `${[198, 192, 203][this.below(3)]}.${this.below(256)}.${this.below(256)}.${this.below(256)}`;
  }

  domain() {
    return `${this.hex(4 + this.below(8))}.${["example.com", "example.net", "example.org"][this.below(3)]}`;
  }

  fileName() {
    return `${words[this.below(words.length)]}_${this.hex(4)}.${["exe", "scr", "dll", "doc"][this.below(4)]}`;
  }

  title() {
    return `${["Beacon", "Dropper", "Watch list entry", "Loader", "Phishing page"][this.below(5)]} ${this.hex(5)}`;
  }

  time() {
    const two = (limit, least = 0) => String(least + this.below(limit)).padStart(2, "0");
    return `2014-${two(12, 1)}-${two(28, 1)}T${two(24)}:${two(60)}:${two(60)}.${String(this.below(1e6)).padStart(6, "0")}+00:00`;
  }

  /** Running text, now and then with what has to be escaped. */
  sentence(count) {
    const text = Array.from({ length: count }, () => words[this.below(words.length)]).join(" ");
    return this.below(8) === 0 ? `${text} &amp; &lt;${words[this.below(words.length)]}&gt;` : text;
  }
}

/** Objects of CybOX by kind: the value that is planted, or one by chance, and the markup around it. */
const objects = {
  address: (values, value = values.address()) => [
    "Address",
    "AddressObj:AddressObjectType",
    ' category="ipv4-addr"',
    [`<AddressObj:Address_Value condition="Equals">${value}</AddressObj:Address_Value>`],
  ],
  domain: (values, value = values.domain()) => [
    "DomainName",
    "DomainNameObj:DomainNameObjectType",
    ' type="FQDN"',
    [`<DomainNameObj:Value condition="Equals">${value}</DomainNameObj:Value>`],
  ],
  hash: (values, value = values.hex(64)) => file(values, values.fileName(), value),
  fileName: (values, value = values.fileName()) => file(values, value, values.hex(64)),
  uri: (values) => [
    "URI",
    "URIObj:URIObjectType",
    ' type="URL"',
    [
      `<URIObj:Value condition="Equals">http://${values.domain()}/${values.hex(8)}?a=${values.below(100)}&amp;b=${values.hex(4)}</URIObj:Value>`,
    ],
  ],
  mail: (values) => [
    "EmailMessage",
    "EmailMessageObj:EmailMessageObjectType",
    "",
    [
      "<EmailMessageObj:Header>",
      '  <EmailMessageObj:From xsi:type="AddressObj:AddressObjectType" category="e-mail">',
      `    <AddressObj:Address_Value condition="Equals">${values.hex(6)}@${values.domain()}</AddressObj:Address_Value>`,
      "  </EmailMessageObj:From>",
      `  <EmailMessageObj:Subject condition="Contains"><![CDATA[${values.title()} <${values.hex(3)}>]]></EmailMessageObj:Subject>`,
      `  <EmailMessageObj:Date>${values.time()}</EmailMessageObj:Date>`,
      "</EmailMessageObj:Header>",
    ],
  ],
};

function file(values, name, sha256) {
  const hash = (type, value) => [
    "  <cyboxCommon:Hash>",
    `    <cyboxCommon:Type xsi:type="cyboxVocabs:HashNameVocab-1.0" condition="Equals">${type}</cyboxCommon:Type>`,
    `    <cyboxCommon:Simple_Hash_Value condition="Equals">${value}</cyboxCommon:Simple_Hash_Value>`,
    "  </cyboxCommon:Hash>",
  ];
  return [
    "File",
    "FileObj:FileObjectType",
    "",
    [
      `<FileObj:File_Name condition="Equals">${name}</FileObj:File_Name>`,
      `<FileObj:Size_In_Bytes>${values.below(1e7)}</FileObj:Size_In_Bytes>`,
      "<FileObj:Hashes>",
      ...hash("MD5", values.hex(32)),
      ...hash("SHA256", sha256),
      "</FileObj:Hashes>",
    ],
  ];
}

const kinds = Object.keys(objects);

function indicator(values, planted) {
  const kind = planted !== undefined && Object.hasOwn(objects, planted.kind) ? planted.kind : kinds[values.below(kinds.length)];
  const at = (name) => (planted?.kind === name ? planted.value : undefined);
  const [object, type, attributes, properties] = objects[kind](values, at(kind));
  return [
    `    <stix:Indicator id="${at("id") ?? values.id("Indicator")}" timestamp="${values.time()}" xsi:type="indicator:IndicatorType" negate="false" version="2.1.1">`,
    `      <indicator:Title>${at("title") ?? values.title()}</indicator:Title>`,
    '      <indicator:Type xsi:type="stixVocabs:IndicatorTypeVocab-1.1">Malware Artifacts</indicator:Type>',
    `      <indicator:Description>${values.sentence(12 + values.below(30))}</indicator:Description>`,
    `      <indicator:Observable id="${values.id("Observable")}">`,
    `        <cybox:Object id="${values.id(object)}">`,
    `          <cybox:Properties xsi:type="${type}"${attributes}>`,
    ...properties.map((line) => `            ${line}`),
    "          </cybox:Properties>",
    "        </cybox:Object>",
    "      </indicator:Observable>",
    "      <indicator:Indicated_TTP>",
    `        <stixCommon:TTP idref="${values.id("TTP")}" xsi:type="ttp:TTPType"/>`,
    "      </indicator:Indicated_TTP>",
    `      <indicator:Confidence timestamp="${values.time()}">`,
    `        <stixCommon:Value xsi:type="stixVocabs:HighMediumLowVocab-1.0">${["High", "Medium", "Low"][values.below(3)]}</stixCommon:Value>`,
    "      </indicator:Confidence>",
    "    </stix:Indicator>",
  ].join("\n");
}

function behaviour(values) {
  return [
    `    <stix:TTP id="${values.id("TTP")}" timestamp="${values.time()}" xsi:type="ttp:TTPType" version="1.1.1">`,
    `      <ttp:Title>${values.title()}</ttp:Title>`,
    `      <ttp:Description>${values.sentence(20 + values.below(60))}</ttp:Description>`,
    "      <ttp:Behavior>",
    "        <ttp:Malware>",
    `          <ttp:Malware_Instance id="${values.id("Malware")}">`,
    '            <ttp:Type xsi:type="stixVocabs:MalwareTypeVocab-1.0">Remote Access Trojan</ttp:Type>',
    `            <ttp:Name>${values.title()}</ttp:Name>`,
    "          </ttp:Malware_Instance>",
    "        </ttp:Malware>",
    "      </ttp:Behavior>",
    "    </stix:TTP>",
  ].join("\n");
}

function actor(values) {
  return [
    `    <stix:Threat_Actor id="${values.id("ThreatActor")}" timestamp="${values.time()}" xsi:type="ta:ThreatActorType" version="1.1.1">`,
    `      <ta:Title>${values.title()}</ta:Title>`,
    `      <ta:Description>${values.sentence(20 + values.below(40))}</ta:Description>`,
    "      <ta:Identity>",
    `        <stixCommon:Name>${values.title()}</stixCommon:Name>`,
    "      </ta:Identity>",
    "    </stix:Threat_Actor>",
  ].join("\n");
}

/**
 * A package of about `size` characters.
 *
 * @param planted a value that is in it once, anywhere: `{ kind, value }`; default: none
 * @param quotes whether its title has characters beyond Latin 1, which makes strings of JavaScript twice as wide; default: false
 */
export function stixPackage({ seed, size, planted, quotes = false }) {
  const values = new Values(seed);
  const title = quotes ? "Weekly “digest”" : "Weekly digest";
  const head = [
    "<stix:STIX_Package",
    ...Object.entries(namespaces).map(([prefix, namespace]) => `    xmlns:${prefix}="${namespace}"`),
    `    id="${values.id("Package")}" version="1.1.1" timestamp="${values.time()}">`,
    "  <stix:STIX_Header>",
    `    <stix:Title>${title}</stix:Title>`,
    '    <stix:Package_Intent xsi:type="stixVocabs:PackageIntentVocab-1.0">Indicators</stix:Package_Intent>',
    `    <stix:Description>${values.sentence(40)}</stix:Description>`,
    "  </stix:STIX_Header>",
  ].join("\n");
  const [indicators, behaviours, actors] = [[], [], []];
  let length = head.length + 200;
  const add = (list, markup) => {
    list.push(markup);
    length += markup.length + 1;
  };
  add(behaviours, behaviour(values));
  const place = values.below(Math.max(1, Math.floor((size - length) / 1900)));
  for (let index = 0; indicators.length === 0 || index <= place || length < size - 900; index++) {
    add(indicators, indicator(values, index === place ? planted : undefined));
    if (index % 8 === 7) add(behaviours, behaviour(values));
    if (index % 16 === 15) add(actors, actor(values));
  }
  const list = (name, items) => (items.length === 0 ? [] : [`  <stix:${name}>`, ...items, `  </stix:${name}>`]);
  return [
    head,
    ...list("Indicators", indicators),
    ...list("TTPs", behaviours),
    ...list("Threat_Actors", actors),
    "</stix:STIX_Package>\n",
  ].join("\n");
}
