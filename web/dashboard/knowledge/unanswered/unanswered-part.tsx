import { CircleCheck } from "lucide-react";
import { allItems } from "../../api/pages.ts";
import { type UnansweredStatus, useUnanswered } from "../../api/unanswered.ts";
import { navigate, useSearchParameters } from "../../router/history.ts";
import { Button } from "../../ui/button.tsx";
import { ChoiceRow } from "../../ui/choice-row.tsx";
import { Empty } from "../../ui/notice.tsx";
import { Card } from "../../ui/page.tsx";
import { QueryView, SkeletonRows } from "../../ui/query-view.tsx";
import { QuestionGroup } from "./question-group.tsx";
import { SHOWN, SORTS, type UnansweredView, viewFrom, viewPath } from "./view.ts";

/** What was asked and not answered, the same questions together. */
export function UnansweredPart() {
  const view = viewFrom(useSearchParameters());
  const query = useUnanswered(view.status, view.sort);
  const show = (next: Partial<UnansweredView>) => navigate(viewPath({ ...view, ...next }), { replace: true });
  return (
    <>
      <div className="mb-4 flex flex-wrap justify-between gap-2">
        <ChoiceRow label="Show" choices={SHOWN} value={view.status} onChoose={(status) => show({ status })} />
        <ChoiceRow label="Order" choices={SORTS} value={view.sort} onChoose={(sort) => show({ sort })} />
      </div>
      <QueryView
        query={query}
        failure="The questions could not be loaded"
        skeleton={
          <Card>
            <SkeletonRows height="h-20" />
          </Card>
        }
      >
        {({ pages }) => {
          const groups = allItems(pages);
          if (groups.length === 0) return <NoQuestions status={view.status} />;
          return (
            <>
              <h2 className="sr-only">Questions</h2>
              <ul className="grid gap-3">
                {groups.map((group) => (
                  <QuestionGroup key={group.id} group={group} />
                ))}
              </ul>
            </>
          );
        }}
      </QueryView>
      {query.hasNextPage && (
        <Button className="mt-4" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more questions
        </Button>
      )}
    </>
  );
}

const NOTHING: Readonly<Record<UnansweredStatus, readonly [string, string]>> = {
  open: [
    "Nothing is open",
    "Questions that the assistant could not answer appear here, the same ones together.",
  ],
  answered: [
    "Nothing was answered here yet",
    "Open questions that you answer move here. The assistant answers them from then on.",
  ],
  dismissed: ["Nothing is dismissed", "Questions that need no answer of yours can be put aside here."],
};

function NoQuestions({ status }: { readonly status: UnansweredStatus }) {
  const [title, sentence] = NOTHING[status];
  return (
    <Card>
      <Empty icon={<CircleCheck size={20} aria-hidden="true" />} title={title}>
        <p>{sentence}</p>
      </Empty>
    </Card>
  );
}
