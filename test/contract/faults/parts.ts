/** Faults of results in parts, and of those that come later. */

import { both, type Exchange, type Fault, having, of, status, statusAnswer, swap, type When, whenever } from "../fault.js";

const fulfil = of("Poll_Fulfillment");
const second = both(fulfil, having('result_part_number="2"'));
const long = both(of("Poll_Request"), having('_name="long"'));
const allowing = having('allow_asynch="true"');
const tooFar = having('result_part_number="999999999"');

const nth =
  (number: number, when: When): (() => When) =>
  () => {
    let seen = 0;
    return (exchange) => when(exchange) && ++seen === number;
  };

/** The second time, something else. */
const onNth = (number: number, when: When, fault: Fault) => (): Fault => whenever(nth(number, when)(), fault);

/** Forgets a result that was asked for in a wrong way. */
function forgetful(isWrong: When): () => Fault {
  return () => {
    let isGone = false;
    return async (exchange: Exchange) => {
      if (!fulfil(exchange)) return exchange.send();
      if (isGone) return statusAnswer(exchange, "ASYNCHRONOUS_POLL_ERROR");
      isGone = isWrong(exchange);
      return exchange.send();
    };
  };
}

/** Gives every result the id of the first one. */
function sameId(): Fault {
  let id: string | undefined;
  return whenever(long, async (exchange) => {
    const answer = await exchange.send();
    id ??= /result_id="([^"]*)"/.exec(answer.text)?.[1];
    return { ...answer, text: answer.text.replace(/result_id="[^"]*"/, `result_id="${id ?? ""}"`) };
  });
}

export const partFaults: Readonly<Record<string, Fault | (() => Fault)>> = {
  "SVC-MULTI-002": swap("<Content>", "<Remark/><Content>", fulfil),
  "SVC-MULTI-003": swap('result_part_number="2"', 'result_part_number="1"', fulfil),
  "SVC-MULTI-004": swap(/<Content_Block>.*<\/Content_Block>/, "", both(fulfil, having('result_part_number="3"'))),
  "SVC-MULTI-005": swap(/<Exclusive_Begin_Timestamp>.*<\/Exclusive_Begin_Timestamp>/, "", fulfil),
  "SVC-POLL-013/parts": swap(/(<Record_Count[^>]*>)/, "$11", fulfil),
  "SVC-MULTI-008": onNth(2, second, swap(/<Content_Block>.*<\/Content_Block>/, "")),
  "SVC-MULTI-009": swap("INVALID_RESPONSE_PART", "NOT_FOUND", tooFar),
  "SVC-MULTI-010": forgetful(tooFar),
  "SVC-MULTI-012": sameId,
  "XML-FUL-002": status("FAILURE", (exchange) => fulfil(exchange) && !exchange.text.includes("result_part_number")),
  "SVC-MULTI-013": onNth(3, second, swap(/<Content_Block>.*?<\/Content_Block>/, "")),
  "SVC-ASYNC-002": swap(/(<Detail name="ESTIMATED_WAIT">)[^<]*/, "$10"),
  "SVC-ASYNC-004": status("NOT_FOUND", fulfil),
  "SVC-ASYNC-006": swap("ASYNCHRONOUS_POLL_ERROR", "NOT_FOUND", fulfil),
  "SVC-ASYNC-007": forgetful(having('_name="urn:example')),
  "SVC-ASYNC-008": swap("<Content>", "<Remark/><Content>", fulfil),
  "SVC-PUSH-003": swap(/(<Detail name="WILL_PUSH">)[^<]*/, "$1true", allowing),
  "SVC-PUSH-004": swap(/(<Detail name="WILL_PUSH">)[^<]*/, "$1true", having("Delivery_Parameters")),
};
