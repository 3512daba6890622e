/** The one interface between tokenizers and everything above: events with names resolved and places known. */

/** An attribute that is no namespace declaration. */
export interface Attribute {
  /** Namespace URI; empty for none. */
  readonly namespace: string;
  readonly local: string;
  /** Normalized as XML says; references resolved. */
  readonly value: string;
}

/** The start of an element. */
export interface StartTag {
  /** Namespace URI; empty for none. */
  readonly namespace: string;
  readonly local: string;
  /** The name as written, prefix included. */
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

/** What a handler answers when it wants an element's characters as they stand in the document. */
export interface Capture {
  /** Whether the element's own tags belong to it. */
  readonly outer: boolean;
  /** Whether events within the element are wanted as well. */
  readonly events: boolean;
}

/** Receives the events of a document in order. */
export interface XmlHandler {
  /** An element starts. May answer with a {@link Capture}; within a captured element the answer is ignored. */
  start(tag: StartTag): Capture | undefined;
  /** Characters between tags; CDATA sections and references are resolved. May come in several pieces. */
  text(text: string): void;
  /**
   * A captured element is complete; called before its `end`.
   *
   * @param markup whether there is an element, comment or processing instruction within; always true for outer captures
   * @param characters markup made self-contained (prefixes from outside are declared), or the plain text
   */
  captured(markup: boolean, characters: string): void;
  /** The element started last, and not yet ended, ends. */
  end(): void;
}

/** A place in a document, both from 1, columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A tokenizer. Its methods throw ParseError for what is not well-formed, forbidden or over a limit. */
export interface XmlSource {
  /** Feeds characters. The handler's calls happen within. */
  write(characters: string): void;
  /** Says that there are no more. */
  close(): void;
  /** A mark for where the token that is being reported begins; cheaper than its place. */
  mark(): number;
  /** The place of a mark, by default of the token that is being reported. A mark whose characters are gone gives that one too. */
  place(mark?: number): Place;
  /** The namespace a prefix is bound to at this point; the empty prefix is the default namespace. */
  resolve(prefix: string): string | undefined;
}
