/** Sends the body of one message to the browser that subscribed. */
export type Deliver = (body: Buffer) => void

/** Who subscribed, by the last part of the endpoint's path. */
export type Subscribers = Map<string, Deliver>
