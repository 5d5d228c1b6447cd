// Tencent's envelope by two libraries nobody here wrote. Reads JSON lines
// {"lib", "key", "id", "token", "do": "encrypt" | "decrypt" | "sign", ...}, answers each with a line.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

import * as wecom from "@wecom/crypto";

const WeChatCrypto = createRequire(import.meta.url)("wechat-crypto");

function answer(asked) {
  const { lib, key, id, token, text } = asked;
  if (lib === "wechat-crypto") {
    const crypto = new WeChatCrypto(token, key, id);
    if (asked.do === "encrypt") return { text: crypto.encrypt(text) };
    if (asked.do === "sign") return { text: crypto.getSignature(asked.moment, asked.nonce, text) };
    const opened = crypto.decrypt(text);
    return { text: opened.message, id: opened.id };
  }
  if (asked.do === "encrypt") return { text: wecom.encrypt(key, text, id) };
  if (asked.do === "sign") {
    return { text: wecom.getSignature(token, asked.moment, asked.nonce, text) };
  }
  return wecom.decrypt(key, text);
}

for await (const line of createInterface({ input: process.stdin })) {
  const answered = JSON.parse(line).map(answer).map(({ text, message, id }) => ({
    text: text ?? message,
    id: id ? id.toString() : undefined,
  }));
  console.log(JSON.stringify(answered));
}
