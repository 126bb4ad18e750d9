import { useState } from "react";
import { useSignIn } from "../api/session.ts";
import { TextField } from "../ui/field.tsx";
import { AccountForm } from "./account-form.tsx";

export function SignInPage() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn();
  return (
    <AccountForm
      title="Sign in"
      intro="Use the e-mail address and password of your account."
      submit="Sign in"
      busy={signIn.isPending}
      failure="You are not signed in"
      error={signIn.error}
      onSubmit={() => signIn.mutate({ email: email.trim(), password })}
    >
      <TextField
        label="E-mail"
        type="email"
        name="email"
        autoComplete="username"
        required
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        className="h-10"
      />
      <TextField
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        className="h-10"
      />
    </AccountForm>
  );
}
