/** What the schemas cannot say: names and layouts of libtaxii's dictionary and text forms where they are not the mechanical ones. */

import type { FormHints, Layout } from "../src/binding/shape.js";

/** By `module.Type.property`. An entry without such a field stops the generator. */
export const fieldHints: Readonly<Record<string, FormHints>> = {};

/** By `module.Type`. An entry without such a type stops the generator. */
export const layouts: Readonly<Record<string, Layout>> = {};
