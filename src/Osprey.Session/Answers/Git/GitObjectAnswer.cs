using Osprey.Git;
using Osprey.Git.Objects;
using Osprey.Git.Revisions;
using Osprey.Git.Storage;

namespace Osprey.Session.Answers.Git;

/// <summary>The answer to: which object does an expression name, and how is it found?</summary>
/// <param name="Object">The object.</param>
/// <param name="Revision">The way from the expression to its name.</param>
/// <param name="Entries">The entries of a tree; null for other objects.</param>
/// <param name="Trace">The way from the name to its bytes; null when nobody asked.</param>
/// <param name="Defects">What could not be read of the repository and was passed over.</param>
public sealed record GitObjectAnswer(
    GitObject Object,
    Revision Revision,
    IReadOnlyList<TreeEntry>? Entries,
    ObjectTrace? Trace,
    IReadOnlyList<string> Defects
)
{
    /// <summary>The columns.</summary>
    public static Shape<GitObjectAnswer> Shape { get; } =
        new Shape<GitObjectAnswer>("objects")
            .Text("id", answer => answer.Object.Id.ToString())
            .Text("type", answer => GitObjectTypes.GetName(answer.Object.Type))
            .Size("size", answer => answer.Object.Data.Length)
            .Text("mode", answer => answer.Revision.Entry is { } entry ? GitTreeShape.FormatMode(entry) : null)
            .Optional()
            .Records("entries", answer => answer.Entries, () => GitTreeShape.Shape)
            .Optional()
            .Utf8("text", answer => answer.Entries is null ? answer.Object.Data.Span : default)
            .Records("steps", answer => answer.Trace is null ? null : answer.Revision.Steps, () => GitTraceShape.Steps)
            .Optional()
            .Record("place", answer => answer.Trace, GitTraceShape.Shape)
            .Optional()
            .Texts("defects", answer => answer.Defects);

    /// <summary>Asks a repository.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="expression">The expression, as <see cref="GitRepository.Resolve"/> takes it.</param>
    /// <param name="isExplained">Whether to tell how the object is found.</param>
    /// <exception cref="GitException">There is no such object, or more than one.</exception>
    public static GitObjectAnswer Ask(GitRepository repository, string expression, bool isExplained)
    {
        ArgumentNullException.ThrowIfNull(repository);
        Revision revision = repository.Resolve(expression);
        if (revision.Entry is { IsSubmodule: true } submodule)
            throw new GitException(
                GitProblem.NotFound,
                $"{expression} is commit {submodule.Id} of a submodule, which is in a repository of its own"
            );

        GitObject item = repository.ReadObject(revision.Id);
        IReadOnlyList<TreeEntry>? entries = item.Type == GitObjectType.Tree ? repository.ReadTree(item.Id) : null;
        ObjectTrace? trace = isExplained ? repository.Explain(item.Id) : null;
        return new GitObjectAnswer(item, revision, entries, trace, repository.Defects);
    }
}
