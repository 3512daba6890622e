/** Faults of subscriptions, and of who may do what. */

import { blind, both, type Exchange, type Fault, having, of, status, statusAnswer, swap, type When, whenever } from "../fault.js";
import { alice } from "../server.js";

const manage = of("Subscription_Management_Request");
const poll = of("Poll_Request");
const doing = (action: string): When => both(manage, having(`action="${action}"`));
const subscribing = doing("SUBSCRIBE");
const nobody: When = ({ request }) => !request.headers.has("authorization");
const id = /<Subscription_ID>[^<]*<\/Subscription_ID>|subscription_id="[^"]*"/;

/** Subscribes all the same, and says no. */
const halfDone = (pattern: RegExp, type: string): Fault =>
  whenever(both(subscribing, having(pattern)), async (exchange) => {
    await exchange.send({
      text: exchange.text.replace(/<Push_Parameters>.*<\/Push_Parameters>|<Query[^>]*\/>|<Content_Binding [^>]*\/>/, ""),
    });
    return statusAnswer(exchange, type, '<Status_Detail><Detail name="SUPPORTED_CONTENT">urn:x</Detail></Status_Detail>');
  });

/** Gives every new subscription another id, by way of a parameter nobody asked for. */
function alwaysNew(): Fault {
  let count = 0;
  return whenever(subscribing, async (exchange) => {
    const answer = await exchange.send();
    const other = `urn:other:${++count}`;
    return { ...answer, text: answer.text.replace(/(<Subscription_ID>|subscription_id=")[^<"]*/, `$1${other}`) };
  });
}

/** Gives every subscription the id of the first one. */
function alwaysSame(): Fault {
  let first: string | undefined;
  return whenever(subscribing, async (exchange) => {
    const answer = await exchange.send();
    first ??= /(?:<Subscription_ID>|subscription_id=")([^<"]*)/.exec(answer.text)?.[1];
    return { ...answer, text: answer.text.replace(/(<Subscription_ID>|subscription_id=")[^<"]*/, `$1${first ?? ""}`) };
  });
}

/** STATUS shows it paused and active by turns. */
function flickering(): Fault {
  let count = 0;
  return whenever(doing("STATUS"), async (exchange) => {
    const answer = await exchange.send();
    return ++count % 2 === 0
      ? { ...answer, text: answer.text.replace(/<Subscription [^/]*?<\/Subscription>|<Subscription .*<\/Subscription>/, "") }
      : answer;
  });
}

/** Does not remove what is to be removed. */
const keeping: Fault = whenever(doing("UNSUBSCRIBE"), async (exchange: Exchange) => {
  const status10 = `<Subscription subscription_id="${/subscription_id="([^"]*)/.exec(exchange.text)?.[1] ?? ""}"/>`;
  const status11 = `<Subscription status="UNSUBSCRIBED">${id.exec(exchange.text)?.[0] ?? ""}</Subscription>`;
  const answer = statusAnswer(exchange, "SUCCESS");
  const name = exchange.version === "1.0" ? "feed_name" : "collection_name";
  const text = answer.text
    .replace(/Status_Message/g, "Subscription_Management_Response")
    .replace(/status_type="SUCCESS">/, `${name}="long">${exchange.version === "1.0" ? status10 : status11}`);
  return { ...answer, text };
});

/** Asks as the first account, whoever asks. */
const asAlice = (when: When): Fault => whenever(when, ({ send }) => send({ headers: alice }));

export const subscriptionFaults: Readonly<Record<string, Fault | (() => Fault)>> = {
  "SVC-SUB-019": status("NOT_FOUND", doing("STATUS")),
  "SVC-SUB-020": swap(/<Poll_Instance>.*?<\/Poll_Instance>/, "", subscribing),
  "SVC-SUB-003": status("BAD_MESSAGE", both(manage, having('_name="urn:example'))),
  "SVC-SUB-004": status("NOT_FOUND", doing("UNSUBSCRIBE")),
  "SVC-SUB-005/protocol": halfDone(/Push_Parameters/, "UNSUPPORTED_PROTOCOL"),
  "SVC-SUB-005/message": halfDone(/Push_Parameters/, "UNSUPPORTED_MESSAGE"),
  "SVC-SUB-005/query": halfDone(/<Query/, "UNSUPPORTED_QUERY"),
  "SVC-SUB-005/content": halfDone(/<Content_Binding/, "UNSUPPORTED_CONTENT"),
  "SVC-SUB-022": status("UNSUPPORTED_CONTENT", both(subscribing, having(/<Content_Binding/))),
  "SVC-SUB-006": alwaysNew,
  "SVC-SUB-015": alwaysNew,
  "SVC-SUB-013": alwaysSame,
  "SVC-SUB-014": alwaysSame,
  "SVC-SUB-007": status("FAILURE", doing("RESUME")),
  "SVC-SUB-008": swap("NOT_FOUND", "FAILURE", doing("PAUSE")),
  "SVC-SUB-016": swap("PAUSED", "ACTIVE", subscribing),
  "SVC-SUB-017": flickering,
  "SVC-SUB-018": blind(/(collection|feed)_name="(?:feed|slow|set|pushed)"/, '$1_name="long"', doing("STATUS")),
  "SVC-SUB-024": keeping,
  "SVC-SUB-021": swap("POLLING_UNSUPPORTED", "FAILURE", subscribing),
  "XML-SUB-002": whenever(both(subscribing, having(id)), async (exchange) => {
    const named = id.exec(exchange.text)?.[0] ?? "";
    return swap(id, named)(exchange);
  }),
  "XML-SUB-004": swap(/<Subscription .*<\/Subscription>/, "", both(doing("STATUS"), having("subscription_id="))),
  "XML-SUB-006": status("BAD_MESSAGE", both(doing("PAUSE"), having("Subscription_Parameters"))),
  "XML-SUB-007": status("BAD_MESSAGE", (exchange) => subscribing(exchange) && !exchange.text.includes("Subscription_Parameters")),
  "XML-SUB-009": status("UNSUPPORTED_PROTOCOL", both(doing("UNSUBSCRIBE"), having("Push_Parameters"))),
  "XML-SUB-015": swap(/<Subscription_Parameters>.*?<\/Subscription_Parameters>/g, "", doing("STATUS")),
  "SVC-POLL-004": blind(id, "<Poll_Parameters/>", of("Poll_Request", "1.1")),
  "SVC-POLL-007/removed": swap("NOT_FOUND", "FAILURE", poll),
  "SVC-POLL-017": blind(/<Content_Binding>.*<\/Content_Binding>/, "", poll),
  "SVC-SUB-026": halfDone(/Push_Parameters/, "DENIED"),
  "SEC-ID-004": swap("<Message>", "<Message>Traceback (most recent call last): ", having("no XML")),
  "SVC-STAT-014": status("FAILURE", having("__proto__")),
  "SEC-ID-001": asAlice(having("Extended_Header")),
  "HTTP-RSP-006": whenever(nobody, async ({ send }) => ({ ...(await send()), status: 200 })),
  "SVC-STAT-021": status("UNAUTHORIZED", nobody, '<Status_Detail><Detail name="ITEM">x</Detail></Status_Detail>'),
  "SVC-SUB-002": status("NOT_FOUND", both(manage, nobody)),
  "SVC-SUB-012": asAlice(manage),
  "SVC-POLL-007/owner": asAlice(poll),
  "SVC-ASYNC-009": asAlice(of("Poll_Fulfillment")),
};
