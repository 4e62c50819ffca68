import { createSignal } from "solid-js";
import { Copyable } from "../../ui/copyable.tsx";
import { TextField } from "../../ui/field.tsx";
import { runnerCommand } from "./runner-command.ts";

interface ScannerFieldProps {
  value: string;
  onInput: (value: string) => void;
  hint?: string;
}

export function ScannerField(props: ScannerFieldProps) {
  return (
    <TextField
      label="Command of your scanner"
      name="scanner"
      autocomplete="off"
      isOptional
      placeholder="nmap -sV shop.company.com"
      {...props}
    />
  );
}

/** The line that starts a scan of a target, with whatever scanner is typed above it. */
export function CommandLine(props: { runnerKey: string | null; targetUrl: string }) {
  const [scanner, setScanner] = createSignal("");
  const command = () =>
    runnerCommand({
      serverUrl: window.location.origin,
      runnerKey: props.runnerKey,
      targetUrl: props.targetUrl,
      scanner: scanner(),
    });
  return (
    <>
      <ScannerField
        value={scanner()}
        onInput={setScanner}
        hint="Anything that runs in a shell. It goes into the line below."
      />
      <Copyable label="Command line" text={command()} />
    </>
  );
}
