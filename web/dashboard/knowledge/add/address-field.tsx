import { useState } from "react";
import { TextField } from "../../ui/field.tsx";
import { webAddress } from "./web-address.ts";

interface Address {
  readonly text: string;
  readonly wrong: boolean;
  readonly setText: (text: string) => void;
  /** The address as it is sent; undefined for what is none, which the field says from then on. */
  readonly check: () => string | undefined;
}

export function useAddress(): Address {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const check = () => {
    const url = webAddress(text);
    setWrong(url === undefined);
    return url;
  };
  return { text, wrong, setText, check };
}

interface AddressFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
  readonly address: Address;
}

export function AddressField({ label, hint, placeholder, address }: AddressFieldProps) {
  return (
    <TextField
      label={label}
      hint={hint}
      error={address.wrong ? "This is not a web address. Copy it from the browser: https://…" : undefined}
      placeholder={placeholder}
      inputMode="url"
      autoCapitalize="none"
      spellCheck={false}
      required
      maxLength={2_000}
      value={address.text}
      onChange={(event) => address.setText(event.target.value)}
    />
  );
}
