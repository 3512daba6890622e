/** The common subset of regular expressions that Default Query takes from CybOX (QRY-RGX-002). */

const deepest = 200;

/**
 * What keeps `pattern` from being an expression of the subset, or undefined. In it are literals, `.`, `^`, `$`, alternatives,
 * groups `(…)` and `(?:…)`, look-ahead `(?=…)` and `(?!…)`, classes with ranges, the quantifiers `* + ? {n} {n,} {n,m}` with
 * or without `?` behind them, and the escapes `\t \n \r \f`, `\0…` and `\nnn` (octal), `\xhh`, `\cX`, `\w \W \s \S \d \D`,
 * `\b \B`. Not in it are back-references, look-behind, named groups and modifiers.
 */
export function problemOfPattern(pattern: string): string | undefined {
  try {
    new Parser(pattern).parse();
    return undefined;
  } catch (error) {
    if (error instanceof OutsideSubset) return error.message;
    throw error;
  }
}

class OutsideSubset extends Error {}

/** Recognises the subset by recursive descent; builds nothing. */
class Parser {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  parse(): void {
    this.#alternatives();
    if (this.#at < this.#pattern.length) this.#fail("an unmatched )");
  }

  #fail(what: string): never {
    throw new OutsideSubset(`${what} at position ${this.#at + 1} is not in the common subset of regular expressions`);
  }

  #takes(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #matches(what: RegExp): RegExpExecArray | null {
    what.lastIndex = this.#at;
    const found = what.exec(this.#pattern);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #alternatives(): void {
    if (++this.#depth > deepest) this.#fail(`a group within ${deepest} others`);
    do this.#sequence();
    while (this.#takes("|"));
    this.#depth--;
  }

  #sequence(): void {
    while (this.#at < this.#pattern.length && !/[|)]/.test(this.#pattern.charAt(this.#at))) {
      const quantifiable = this.#atom();
      this.#quantifier(quantifiable);
    }
  }

  /** Whether what was read can be repeated: assertions cannot. */
  #atom(): boolean {
    if (this.#takes("(")) return this.#group();
    if (this.#takes("[")) {
      this.#class();
      return true;
    }
    if (this.#takes("^") || this.#takes("$")) return false;
    if (this.#takes("\\")) return this.#escape(false);
    if (/[*+?{]/.test(this.#pattern.charAt(this.#at))) this.#fail("a quantifier with nothing before it");
    this.#at++;
    return true;
  }

  #group(): boolean {
    const lookAhead = this.#takes("?=") || this.#takes("?!");
    if (!lookAhead && !this.#takes("?:") && this.#pattern.charAt(this.#at) === "?") this.#fail("a group of this kind");
    this.#alternatives();
    if (!this.#takes(")")) this.#fail("a group without end");
    return !lookAhead;
  }

  #quantifier(quantifiable: boolean): void {
    const found = this.#matches(/[*+?]|\{(\d+)(?:(,)(\d*))?\}/y);
    if (found === null) return;
    if (!quantifiable) this.#fail("a quantifier behind an assertion");
    const [, least, , most] = found;
    if (least !== undefined && most !== undefined && most !== "" && Number(least) > Number(most))
      this.#fail("a quantifier with its limits reversed");
    this.#takes("?");
    if (/[*+?{]/.test(this.#pattern.charAt(this.#at))) this.#fail("a second quantifier");
  }

  /** What stands behind a backslash; whether it can be repeated. */
  #escape(inClass: boolean): boolean {
    if (this.#matches(/[bB]/y) !== null) return inClass;
    const known = this.#matches(/[tnrfwWsSdD]|0[0-7]{0,2}|[0-3][0-7]{2}|x[0-9A-Fa-f]{2}|c[A-Za-z]|[^A-Za-z0-9]/suy);
    if (known === null)
      this.#fail(this.#at < this.#pattern.length ? `the escape \\${this.#pattern.charAt(this.#at)}` : "a backslash at the end");
    return true;
  }

  #class(): void {
    this.#takes("^");
    if (this.#takes("]")) this.#fail("an empty class");
    while (!this.#takes("]")) {
      if (this.#at >= this.#pattern.length) this.#fail("a class without end");
      const from = this.#classMember();
      if (this.#pattern.charAt(this.#at) === "-" && this.#pattern.charAt(this.#at + 1) !== "]") {
        this.#at++;
        const to = this.#classMember();
        if (from === undefined || to === undefined || from > to) this.#fail("a range of this kind");
      }
    }
  }

  /** One member of a class; undefined when it is no single character known by itself. */
  #classMember(): string | undefined {
    if (this.#takes("\\")) {
      const start = this.#at;
      this.#escape(true);
      const escaped = this.#pattern.slice(start, this.#at);
      return /^[A-Za-z0-9]/.test(escaped) ? characterOf(escaped) : escaped;
    }
    if (/^\[[:.=]/.test(this.#pattern.slice(this.#at, this.#at + 2))) this.#fail("a named class");
    const member = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += member.length;
    return member;
  }
}

const controls: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f", b: "\b" };

/** The character of an escape, or undefined when it stands for a set. */
function characterOf(escape: string): string | undefined {
  if (Object.hasOwn(controls, escape)) return controls[escape];
  if (escape.startsWith("x")) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  if (escape.startsWith("c")) return String.fromCharCode(escape.toUpperCase().charCodeAt(1) - 64);
  return /^\d/.test(escape) ? String.fromCharCode(Number.parseInt(escape, 8)) : undefined;
}
