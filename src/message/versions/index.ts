/** Translation between TAXII 1.0 and TAXII 1.1, so that a client or a server thinks in one version and converts at the edge. */

export { contentBlockTo10, contentBlockTo11 } from "./blocks.js";
export type { ToVersion10Options, ToVersion11Options, Version10, Version11 } from "./counterparts.js";
export { NotInVersion10Error } from "./not-in-version-10.js";
export { toVersion10 } from "./to-10.js";
export { toVersion11 } from "./to-11.js";
