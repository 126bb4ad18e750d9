import { type FormEvent, type ReactNode, useEffect } from "react";
import { Button } from "../ui/button.tsx";
import { ErrorNotice } from "../ui/notice.tsx";

interface AccountFormProps {
  readonly title: string;
  readonly intro: ReactNode;
  readonly submit: string;
  readonly busy: boolean;
  readonly failure: string;
  readonly error: Error | null;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** The frame of the pages in front of the dashboard. */
export function AccountFrame({
  title,
  intro,
  children,
}: Pick<AccountFormProps, "title" | "intro" | "children">) {
  useEffect(() => {
    document.title = `${title} · MetaChat`;
  }, [title]);
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-[25rem] content-center px-5 py-10">
      <p className="mb-6 text-sm font-semibold text-muted">MetaChat</p>
      <h1 className="text-xl font-semibold">{title}</h1>
      <div className="mt-1 mb-6 text-base text-pretty text-muted">{intro}</div>
      {children}
    </main>
  );
}

export function AccountForm(props: AccountFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!props.busy) props.onSubmit();
  };
  return (
    <AccountFrame title={props.title} intro={props.intro}>
      <form onSubmit={submit} className="grid gap-4">
        {props.children}
        {props.error && <ErrorNotice compact title={props.failure} error={props.error} />}
        <Button type="submit" look="primary" busy={props.busy} className="mt-1 h-10">
          {props.submit}
        </Button>
      </form>
    </AccountFrame>
  );
}
