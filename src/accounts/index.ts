/** Accounts: who sends requests, by password, bearer token or client certificate. */

export { type AccountDirectory, type AuthenticatorOptions, createAuthenticator } from "./authenticator.js";
export type { LockoutOptions, LockoutRule } from "./lockout.js";
export { hashPassword, isPasswordHash, verifyPassword } from "./password.js";
export { PasswordHashError } from "./password-format.js";
export { createToken, hashToken } from "./token.js";
