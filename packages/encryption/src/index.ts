export { base32, chatKey } from "./chat-key.ts";
export { type KeyEncryptionKey, keyEncryptionKey } from "./key-encryption-key.ts";
export { type KeyRing, type KeyRingOptions, keyRing } from "./key-ring.ts";
export { declareKeyStream } from "./key-stream.ts";
export { botKeySubject, chatKeySubject } from "./key-subjects.ts";
export { CannotOpen, open, openText, seal, sealedWith, sealText } from "./seal.ts";
export { newSecretKey, type SecretKey, secretKey } from "./secret-key.ts";
