// co-wechat-api as a second client of the tests' WeChat: if it cannot talk to that, that is wrong.
//   node api_client.mjs '{"url", "id", "secret", "user", "template", "photo"}'  prints what it met
import { createRequire } from "node:module";

const WeChatAPI = createRequire(import.meta.url)("co-wechat-api");
const { url, id, secret, user, template, photo } = JSON.parse(process.argv[2]);
const api = new WeChatAPI(id, secret);
api.prefix = `${url}/cgi-bin/`;

async function met(call) {
  try {
    return await call();
  } catch (error) {
    return { code: error.code, name: error.name };
  }
}

const seen = {};
const token = await api.ensureAccessToken();
seen.token = token.accessToken.slice(0, 6);
seen.text = await met(() => api.sendText(user, "您好"));
seen.tooLong = await met(() => api.sendText(user, "好".repeat(700)));
seen.stranger = await met(() => api.sendText("o-nobody", "您好"));
seen.template = await met(() => api.sendTemplate(user, template, "", "", { thing1: { value: "明天的班" } }));
seen.media = await met(() => api.uploadMedia(photo, "image"));
seen.image = await met(() => api.sendImage(user, seen.media.media_id));
seen.fetched = await met(async () => (await api.getMedia(seen.media.media_id)).length);
seen.scene = await met(() => api.createTmpQRCode("ABCD2345", 600));
seen.sceneTooLong = await met(() => api.createTmpQRCode("A".repeat(65), 600));
seen.noMenu = await met(() => api.getMenu());
seen.menuSet = await met(() =>
  api.createMenu({ button: [{ name: "办事", sub_button: [{ type: "click", name: "报修", key: "report" }] }] }),
);
seen.menu = await met(() => api.getMenu());
console.log(JSON.stringify(seen));
