/** The flags that cabby 0.1.23's commands have: what a drop-in has to understand. */

/** A flag, and what is known about it. */
export interface ReferenceFlag {
  readonly long: string;
  readonly short?: string;
  /** Whether it is a switch, without a value. */
  readonly isSwitch?: boolean;
  readonly isRequired?: boolean;
  /** Whether it may be given several times. */
  readonly isRepeatable?: boolean;
  readonly default?: string;
  readonly choices?: readonly string[];
}

const verbose: ReferenceFlag = { long: "--verbose", short: "-v", isSwitch: true };
const versions = ["1.0", "1.1"];

/** All commands but `taxii-proxy` have these. */
export const commonFlags: readonly ReferenceFlag[] = [
  { long: "--host" },
  { long: "--port" },
  { long: "--discovery" },
  { long: "--path" },
  { long: "--https", isSwitch: true },
  { long: "--verify", default: "yes" },
  { long: "--timeout" },
  { long: "--ca-cert" },
  { long: "--cert" },
  { long: "--key" },
  { long: "--key-password" },
  { long: "--username" },
  { long: "--password" },
  { long: "--jwt-auth" },
  { long: "--proxy-url" },
  { long: "--proxy-type", choices: ["http", "https"] },
  { long: "--header", isRepeatable: true },
  verbose,
  { long: "--as-xml", short: "-x", isSwitch: true },
  { long: "--taxii-version", short: "-t", default: "1.1", choices: versions },
];

const range: readonly ReferenceFlag[] = [{ long: "--limit", short: "-l" }, { long: "--begin" }, { long: "--end" }];

const subscriptionFlags: readonly ReferenceFlag[] = [
  ...commonFlags,
  { long: "--action", short: "-a", isRequired: true, choices: ["subscribe", "status", "pause", "resume", "unsubscribe"] },
  { long: "--collection", short: "-c", isRequired: true },
  { long: "--subscription", short: "-s" },
  { long: "--count-only", isSwitch: true },
];

const sideFlags = (side: string): readonly ReferenceFlag[] => [
  { long: `--${side}-path`, isRequired: true },
  { long: `--${side}-collection`, isRequired: true },
  { long: `--${side}-taxii-version`, default: "1.1", choices: versions },
  { long: `--${side}-username` },
  { long: `--${side}-password` },
  { long: `--${side}-verify`, default: "yes" },
  { long: `--${side}-cert` },
  { long: `--${side}-key` },
  { long: `--${side}-key-password` },
  { long: `--${side}-jwt-auth` },
  { long: `--${side}-header`, isRepeatable: true },
];

const stix12 = "urn:stix.mitre.org:xml:1.2";

/** The flags of each command. */
export const reference = {
  "taxii-discovery": commonFlags,
  "taxii-collections": commonFlags,
  "taxii-poll": [
    ...commonFlags,
    { long: "--collection", short: "-c", isRequired: true },
    { long: "--dest-dir" },
    { long: "--raw", short: "-r", isSwitch: true },
    ...range,
    { long: "--bindings", short: "-b" },
    { long: "--subscription", short: "-s" },
    { long: "--count-only", isSwitch: true },
  ],
  "taxii-push": [
    ...commonFlags,
    { long: "--content-file", short: "-f", isRequired: true },
    { long: "--binding", default: stix12 },
    { long: "--subtype", isRepeatable: true },
    { long: "--dest", isRepeatable: true },
  ],
  "taxii-subscription": subscriptionFlags,
  "taxii-subscriptions": subscriptionFlags,
  "taxii-proxy": [...sideFlags("poll"), ...sideFlags("inbox"), verbose, { long: "--binding", default: stix12 }, ...range],
} as const satisfies Readonly<Record<string, readonly ReferenceFlag[]>>;
