/** The server: services, handlers, and a fetch handler that runs anywhere. */

export { TransportError } from "../http/transport-error.js";
export type { ReplyTo, Request11 } from "../message/exchanges.js";
export { StatusError, type StatusOptions } from "../message/status-error.js";
export { type Account, addressOf, type Context } from "./context.js";
export { type Handler, type HandlerFunction, handle, isStreamed, type Next, type Reply, type StreamedReply } from "./handler.js";
export { createServer, type Failure, type Server, type ServerOptions } from "./server.js";
export { type CollectionServiceOptions, defineService, type Service, type ServiceDefinition, type ServiceOptions } from "./service.js";
export { collectionManagement } from "./services/collection-management.js";
export { discovery } from "./services/discovery.js";
export { type DestinationRule, type InboxOptions, inbox } from "./services/inbox.js";
export { poll } from "./services/poll.js";
