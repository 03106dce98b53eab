/**
 * How frames travel through a FIFO: packets of at most PIPE_BUF bytes, written whole or not at all, each with a 32-bit
 * length and the tag of the shim it belongs to. A shim that was killed half-way leaves no half packet, and a verdict that
 * it did not live to read is not taken for the next one's.
 */
export interface Packet {
  readonly tag: string;
  readonly payload: Buffer;
}

/** Cuts a stream into packets; `undefined` when it is none. */
export class PacketReader {
  private rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly Packet[] | undefined {
    let bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const packets: Packet[] = [];
    while (bytes.length >= headLength) {
      const length = bytes.readUInt32BE(0);
      if (length > payloadLimit) return undefined;
      if (bytes.length < headLength + length) break;
      const tag = bytes.toString("latin1", 4, headLength);
      packets.push({ tag, payload: bytes.subarray(headLength, headLength + length) });
      bytes = bytes.subarray(headLength + length);
    }
    this.rest = Buffer.from(bytes);
    return packets;
  }
}

/** The frame in packets of at most PIPE_BUF bytes, which the kernel never mixes with those of another writer. `tag`: whose it is. */
export function encodePackets(tag: string, frame: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < frame.length; at += payloadLimit) {
    const payload = frame.subarray(at, at + payloadLimit);
    const head = Buffer.alloc(headLength);
    head.writeUInt32BE(payload.length, 0);
    head.write(tag, 4, tagLength, "latin1");
    parts.push(head, payload);
  }
  return Buffer.concat(parts);
}

const tagLength = 12;
const headLength = 4 + tagLength;
const payloadLimit = 4096 - headLength;
