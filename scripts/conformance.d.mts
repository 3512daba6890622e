/** A requirement of the conformance table. */
export interface Requirement {
  readonly id: string;
  readonly level: string;
  readonly binds: string;
  readonly taxii: string;
}

export function requirements(): Requirement[];
export function reasons(): Readonly<Record<"notApplicable" | "later" | "open", Readonly<Record<string, string>>>>;
export function citations(): Map<string, string[]>;
export function render(): string;
export function unknownIds(): string[];
