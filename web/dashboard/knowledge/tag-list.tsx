/** Tags as they stand beside a title. */
export function TagList({ tags }: { readonly tags: readonly string[] }) {
  if (tags.length === 0) return null;
  return (
    <ul aria-label="Tags" className="flex flex-wrap gap-1">
      {tags.map((tag) => (
        <li key={tag} className="max-w-full rounded-[4px] bg-hover px-1.5 text-xs break-words text-muted">
          {tag}
        </li>
      ))}
    </ul>
  );
}
