import { connect } from "node:net";

/** Whether a broker answers there. */
export function isAnswering(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    const done = (isUp: boolean) => {
      connection.destroy();
      resolve(isUp);
    };
    connection.once("connect", () => done(true));
    connection.once("error", () => done(false));
    connection.setTimeout(1000, () => done(false));
  });
}
