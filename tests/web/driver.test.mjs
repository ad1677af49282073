// The harness itself: clicks, typing, shadow roots and console capture work in both browsers.
import { assert, test } from "./lib/test.mjs";

const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Driver</title>
<x-box></x-box><script>
  customElements.define("x-box", class extends HTMLElement {
    connectedCallback() {
      this.attachShadow({ mode: "open" }).innerHTML = "<button>press</button><input><output></output>";
      this.shadowRoot.querySelector("button").onclick = () => { this.shadowRoot.querySelector("output").textContent = "pressed"; console.log("told"); };
      this.shadowRoot.querySelector("input").onkeydown = (event) => { if (event.key === "Enter") this.shadowRoot.querySelector("output").textContent = event.target.value; };
    }
  });
</script>`;

test("drives a page with a shadow root", { html }, async ({ page }) => {
  await page.click("x-box >>> button");
  await page.waitForText("x-box >>> output", "pressed");
  await page.focus("x-box >>> input");
  await page.type("Abc 1");
  await page.press("Enter");
  await page.waitForText("x-box >>> output", "Abc 1");
  assert.deepEqual(page.console.map((message) => message.text), ["told"]);
  assert.equal(await page.evaluate((a, b) => a + b, 2, 3), 5);
});
