/**
 * A push service did nothing about a request, or is as good as sure not to have, so the request may
 * be made once more. Its `cause` is what went wrong.
 */
export class UnprocessedError extends Error {}
