import { render } from "solid-js/web";
import { App } from "./app.tsx";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/bell.css";
import "./styles/sections.css";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has an element with the id app");
render(() => <App />, root);
