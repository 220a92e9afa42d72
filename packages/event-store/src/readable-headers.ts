import { MsgHdrsImpl } from "nats";

const decode = MsgHdrsImpl.decode;

/**
 * A message whose headers cannot be read has none. The client throws on them while it reads the connection, which ends
 * that reading for ever: one flipped bit in a stored message (its checksum does not cover the length of the headers) would
 * silence the whole process. An event without headers is damage, see `follow`.
 */
MsgHdrsImpl.decode = (bytes) => {
  try {
    return decode(bytes);
  } catch {
    return new MsgHdrsImpl();
  }
};
