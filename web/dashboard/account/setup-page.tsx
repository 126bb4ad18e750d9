import { useState } from "react";
import { useSetup, useSetupState } from "../api/session.ts";
import { navigate } from "../router/history.ts";
import { Link } from "../router/link.tsx";
import { CopyBlock } from "../ui/copy.tsx";
import { TextField } from "../ui/field.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { AccountForm, AccountFrame } from "./account-form.tsx";

const PASSWORD_LENGTH = 10;

export function SetupPage({ token }: { readonly token: string }) {
  const state = useSetupState(token);
  if (state.error) {
    return (
      <AccountFrame title="Set up MetaChat" intro="The link could not be checked.">
        <ErrorNotice
          title="The link could not be checked"
          error={state.error}
          retrying={state.isFetching}
          onRetry={() => void state.refetch()}
        />
      </AccountFrame>
    );
  }
  if (state.data === undefined)
    return (
      <AccountFrame title="Set up MetaChat" intro={<span className="late">Checking the link</span>}>
        {null}
      </AccountFrame>
    );
  return state.data.valid ? <SetupForm token={token} /> : <Expired />;
}

function Expired() {
  return (
    <AccountFrame
      title="This link no longer works"
      intro="A setup link works once and for 30 minutes. On the machine where MetaChat runs, this command prints a fresh one:"
    >
      <CopyBlock text="metachat setup --link" label="Copy" />
      <p className="mt-6 text-sm text-muted">
        Already set up?{" "}
        <Link href="/sign-in" className="font-medium text-accent-text underline underline-offset-2">
          Sign in
        </Link>
      </p>
    </AccountFrame>
  );
}

function SetupForm({ token }: { readonly token: string }) {
  const [tenant, setTenant] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tooShort, setTooShort] = useState(false);
  const setup = useSetup();
  const submit = () => {
    const short = password.length < PASSWORD_LENGTH;
    setTooShort(short);
    if (short) return;
    setup.mutate(
      { token, email: email.trim(), password, tenant: tenant.trim() },
      { onSuccess: () => navigate("/", { replace: true }) },
    );
  };
  return (
    <AccountForm
      title="Set up MetaChat"
      intro="This makes your account and the place for your business."
      submit="Create account"
      busy={setup.isPending}
      failure="The account was not created"
      error={setup.error}
      onSubmit={submit}
    >
      <TextField
        label="Name of your business"
        name="organization"
        autoComplete="organization"
        required
        autoFocus
        maxLength={100}
        value={tenant}
        onChange={(event) => setTenant(event.target.value)}
        className="h-10"
      />
      <TextField
        label="Your e-mail"
        type="email"
        name="email"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        className="h-10"
      />
      <TextField
        label="Password"
        type="password"
        name="new-password"
        autoComplete="new-password"
        required
        maxLength={200}
        value={password}
        onChange={(event) => {
          setPassword(event.target.value);
          if (event.target.value.length >= PASSWORD_LENGTH) setTooShort(false);
        }}
        hint="At least 10 characters. A short sentence is easy to remember."
        error={tooShort ? `At least 10 characters; these are ${password.length}.` : undefined}
        className="h-10"
      />
    </AccountForm>
  );
}
