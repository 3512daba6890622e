/** The server: services, handlers, and a fetch handler that runs anywhere. */

export { TransportError } from "../http/transport-error.js";
export type { AnyMessage, AnyRequest, ReplyTo, Request10, Request11 } from "../message/exchanges.js";
export { StatusError, type StatusOptions } from "../message/status-error.js";
export {
  type AccessRequest,
  type Account,
  type Authenticate,
  type Authorize,
  allowAll,
  byPermissions,
} from "./access.js";
export { addressOf, type Context, ownerOf } from "./context.js";
export { type DefaultQueryOptions, defaultQuery } from "./default-query.js";
export type {
  ContentStored,
  Delivered,
  DeliveryFailed,
  Emit,
  LoginFailed,
  MessageReceived,
  Observer,
  RequestAnswered,
  ServerEvents,
  SubscriptionChanged,
} from "./events.js";
export { toHttpRequest, toResponse } from "./fetch.js";
export {
  type AnyReply,
  type Handler,
  type HandlerFunction,
  handle,
  isStreamed,
  type Next,
  type Reply,
  type StreamedReply,
  type StreamedReply10,
} from "./handler.js";
export type { HttpRequest, HttpResponse, Peer } from "./http.js";
export type { PushPolicy } from "./push.js";
export { prepareQuery, type QueryHandler, type QueryPredicate } from "./query.js";
export { indexDefinition, indexForQueries, queryIndexer } from "./query-index.js";
export {
  blocksOfPart,
  blocksOfRange,
  type ContentRange,
  type Count,
  type PartLimits,
  predicateOf,
  type ResultFailure,
  ResultMaker,
  type ResultMakerOptions,
} from "./results/index.js";
export { createServer, type Failure, type Server, type ServerOptions } from "./server.js";
export { type CollectionServiceOptions, defineService, type Service, type ServiceDefinition, type ServiceOptions } from "./service.js";
export { type ServiceExtras, servicesFrom } from "./service-records.js";
export type { InformationSteps, VolumeRule } from "./services/collection-information.js";
export { type CollectionManagementOptions, collectionManagement } from "./services/collection-management.js";
export { type DiscoveryOptions, type DiscoverySteps, discovery } from "./services/discovery.js";
export { type ExternalService, external } from "./services/external.js";
export { type DestinationRule, type InboxOptions, type InboxSteps, inbox, type Saved } from "./services/inbox.js";
export type { Routing } from "./services/inbox-content.js";
export type { KeepMessages, Saving } from "./services/inbox-store.js";
export {
  type Asynchronous,
  type CollectionPoll,
  type ContentToSelect,
  type PollOptions,
  type PollSteps,
  poll,
  type ReplyToBuild,
  type ResolvedParameters,
  type ResolvedRange,
} from "./services/poll.js";
export type { Subscribing } from "./services/subscription-checks.js";
export type { SubscriptionAnswer, SubscriptionSteps } from "./services/subscriptions.js";
export type { Step } from "./steps.js";
export type { ThrottleOptions } from "./throttle.js";
