/** Long work in slices. */

/** Lets what waits on the event loop go on first: requests, timers, sockets. */
export const otherWorkFirst = () => new Promise<void>((resolve) => setImmediate(resolve));
