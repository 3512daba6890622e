/** Delivery: pushing to subscribers and pollers, and the policy that says where to. Needs Node. */

export { basic, bearer, header, jwtLogin } from "../client/auth.js";
export type { TlsOptions } from "../client/node/tls.js";
export { type AddressGuard, addressGuard } from "./address-guard.js";
export type { Resolve } from "./guarded-connect.js";
export { type AddressPattern, addressPattern } from "./pattern.js";
export { type GuardedPushPolicy, type PushPolicyOptions, pushPolicy } from "./policy.js";
export { type Removed, RetentionWorker, type RetentionWorkerOptions } from "./retention.js";
export type { PushTransportOptions, TargetCredentials } from "./transport.js";
export { DeliveryWorker, type DeliveryWorkerOptions } from "./worker.js";
