/** Content blocks. */

import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { create } from "../create.js";
import type { ToVersion10Options } from "./counterparts.js";
import { NotInVersion10Error } from "./not-in-version-10.js";

/** A content block of TAXII 1.0 as one of TAXII 1.1. Its content is kept as it is; its signature, which signs the old form, is not. */
export function contentBlockTo11(block: taxii10.ContentBlock): taxii11.ContentBlock {
  return create(taxii11.ContentBlock, block11(block));
}

/**
 * A content block of TAXII 1.1 as one of TAXII 1.0. Its content is kept as it is. What TAXII 1.0 has no place for is left
 * out: the subtype (VER-X-007) and the remark for people; so is the signature, which signs the old form.
 */
export function contentBlockTo10(block: taxii11.ContentBlock): taxii10.ContentBlock {
  return create(taxii10.ContentBlock, block10(block));
}

/** What {@link contentBlockTo11} makes complete. */
export function block11({ contentBinding, content, timestampLabel, padding }: taxii10.ContentBlock): taxii11.ContentBlockInit {
  return { contentBinding: { bindingId: contentBinding }, content, timestampLabel, padding };
}

/** What {@link contentBlockTo10} makes complete. */
export function block10({ contentBinding, content, timestampLabel, padding }: taxii11.ContentBlock): taxii10.ContentBlockInit {
  return { contentBinding: contentBinding.bindingId, content, timestampLabel, padding };
}

interface Counted {
  readonly recordCount?: taxii11.RecordCount | undefined;
  readonly contentBlocks: readonly unknown[];
}

/**
 * A record count can be left out when it is the number of blocks.
 *
 * @throws NotInVersion10Error when there are more records than blocks: TAXII 1.0 knows neither counts without records nor parts
 */
export function refuseCountAlone({ recordCount, contentBlocks }: Counted, { blocksFollow = false }: ToVersion10Options): void {
  if (recordCount === undefined || blocksFollow || recordCount.value <= contentBlocks.length) return;
  throw new NotInVersion10Error(
    ["recordCount"],
    `all records are in the message there; this one counts ${recordCount.value} and has ${contentBlocks.length}`,
  );
}
