/** What somebody may have meant. */

export { closest } from "../query/closest.js";
