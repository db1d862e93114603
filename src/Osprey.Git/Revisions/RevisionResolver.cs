using System.Text;
using Osprey.Binary;
using Osprey.Git.Objects;
using Osprey.Git.Storage;

namespace Osprey.Git.Revisions;

/// <summary>Finds the object that an expression names (gitrevisions).</summary>
internal sealed class RevisionResolver(GitRepository repository, ObjectDatabase objects, GitLimits limits)
{
    private const int MaxNamedCandidates = 8;

    /// <summary>Finds the object.</summary>
    /// <exception cref="GitException">There is none, or more than one.</exception>
    /// <exception cref="BadDataException">A file or object on the way is malformed.</exception>
    public Revision Resolve(string text)
    {
        RevisionExpression expression = RevisionExpression.Parse(text);
        var steps = new List<RevisionStep>();
        string prefix = expression.Base;
        ObjectId id = ResolveBase(prefix, GetWantedType(expression), steps);
        foreach (RevisionSuffix suffix in expression.Suffixes)
        {
            prefix += suffix.Text;
            id = suffix.Type is { } type ? Peel(id, type, prefix, steps) : GoBack(id, suffix, prefix, steps);
        }

        return expression.Path is { } path ? Walk(id, path, text, steps) : new Revision(id, steps, null);
    }

    /// <summary>Follows tags, and commits to their trees, to an object of a type.</summary>
    /// <param name="id">The object to begin with.</param>
    /// <param name="type">The type; null for any but a tag.</param>
    /// <param name="name">The object's name in messages.</param>
    /// <param name="tags">Gets the number of tags that were followed.</param>
    public GitObject Peel(ObjectId id, GitObjectType? type, string name, out int tags)
    {
        tags = 0;
        GitObject item = repository.ReadObject(id);
        while (item.Type == GitObjectType.Tag && type != GitObjectType.Tag)
        {
            if (++tags > limits.MaxTagDepth)
                throw new BadDataException($"tag {id}", 0, $"tags of tags over the limit of {limits.MaxTagDepth}");

            item = repository.ReadObject(ObjectHeader.ReadTarget(item, repository.Format));
        }

        if (type == GitObjectType.Tree && item.Type == GitObjectType.Commit)
            item = repository.ReadObject(ObjectHeader.ReadTree(item, repository.Format));

        if (type is not { } wanted || item.Type == wanted)
            return item;

        throw new GitException(
            GitProblem.OtherType,
            $"{name} is a {GitObjectTypes.GetName(item.Type)}, not a {GitObjectTypes.GetName(wanted)}"
        );
    }

    /// <summary>The type that suffixes or a path need, which tells one of several abbreviated objects.</summary>
    private static GitObjectType? GetWantedType(RevisionExpression expression) =>
        expression.Suffixes is [{ } first, ..]
            ? first.Type switch
            {
                null or "commit" => GitObjectType.Commit,
                "tree" => GitObjectType.Tree,
                "blob" => GitObjectType.Blob,
                "tag" => GitObjectType.Tag,
                _ => null,
            }
        : expression.Path is null ? null
        : GitObjectType.Tree;

    private ObjectId ResolveBase(string name, GitObjectType? wanted, List<RevisionStep> steps)
    {
        if (ObjectId.TryParse(name, repository.Format, out ObjectId id))
        {
            steps.Add(new RevisionStep(name, "a whole name", id));
            return id;
        }

        if (repository.References?.Find(name) is { } reference)
        {
            string names = string.Join(", which is ", reference.Steps.Select(step => step.Name));
            bool isPacked = reference.Steps[^1].Path.EndsWith("/packed-refs", StringComparison.Ordinal);
            string how = $"{names}, {(isPacked ? "a line of packed-refs" : "a file")}";
            steps.Add(new RevisionStep(name, how, reference.Id));
            return reference.Id;
        }

        if (
            DescribedName.FindCommit(name) is { } described
            && FindAbbreviated(described, GitObjectType.Commit) is { } commit
        )
        {
            steps.Add(new RevisionStep(name, $"the commit that begins with {described}", commit));
            return commit;
        }

        if (FindAbbreviated(name, wanted) is { } abbreviated)
        {
            steps.Add(new RevisionStep(name, "the object that begins with it", abbreviated));
            return abbreviated;
        }

        string note = repository.References is null
            ? "; its references are in a reftable, which is not supported: give the name of a commit"
            : "";
        throw new GitException(
            GitProblem.NotFound,
            $"{repository.Path}: there is no reference or object '{MessageText.Shorten(name)}'{note}"
        );
    }

    private ObjectId? FindAbbreviated(string digits, GitObjectType? wanted)
    {
        if (!ObjectPrefix.TryParse(digits, repository.Format, out ObjectPrefix? prefix))
            return null;

        IReadOnlyCollection<ObjectId> matches = objects.FindMatches(prefix);
        if (matches.Count <= 1)
            return matches.Count == 0 ? null : matches.First();

        List<(ObjectId Id, GitObjectType Type)> candidates =
        [
            .. matches
                .Select(id => (Id: id, repository.ReadObject(id).Type))
                .OrderBy(match => match.Type == GitObjectType.Tag ? 0 : (int)match.Type)
                .ThenBy(match => match.Id.ToString(), StringComparer.Ordinal),
        ];
        List<(ObjectId Id, GitObjectType Type)> fitting = [.. candidates.Where(match => Fits(match, wanted))];
        if (fitting.Count == 1)
            return fitting[0].Id;

        IEnumerable<string> names = candidates
            .Take(MaxNamedCandidates)
            .Select(match => $"{GitObjectTypes.GetName(match.Type)} {match.Id}");
        string more = candidates.Count > MaxNamedCandidates ? $" and {candidates.Count - MaxNamedCandidates} more" : "";
        throw new GitException(
            GitProblem.Ambiguous,
            $"{repository.Path}: {digits} is ambiguous, it may be {string.Join(", ", names)}{more}"
        );
    }

    private bool Fits((ObjectId Id, GitObjectType Type) match, GitObjectType? wanted)
    {
        if (wanted is null || match.Type == wanted)
            return true;

        if (wanted is not (GitObjectType.Commit or GitObjectType.Tree))
            return false;

        GitObjectType type =
            match.Type == GitObjectType.Tag ? Peel(match.Id, null, match.Id.ToString(), out _).Type : match.Type;
        return type == wanted || (wanted == GitObjectType.Tree && type == GitObjectType.Commit);
    }

    private ObjectId Peel(ObjectId id, string type, string name, List<RevisionStep> steps)
    {
        if (type == "object")
            return repository.ReadObject(id).Id;

        GitObjectType? wanted = GitObjectTypes.TryParse(Encoding.ASCII.GetBytes(type), out GitObjectType known)
            ? known
            : null;
        GitObject item = Peel(id, wanted, name, out int tags);
        if (item.Id != id)
            steps.Add(
                new RevisionStep(
                    name,
                    tags == 0 ? "the tree of the commit"
                        : tags == 1 ? $"the {GitObjectTypes.GetName(item.Type)} of the tag"
                        : $"the {GitObjectTypes.GetName(item.Type)} behind {tags} tags",
                    item.Id
                )
            );

        return item.Id;
    }

    private ObjectId GoBack(ObjectId id, RevisionSuffix suffix, string name, List<RevisionStep> steps)
    {
        if (suffix.Generations > limits.MaxAncestors)
            throw new GitException(
                GitProblem.BadExpression,
                $"'{suffix.Text}' goes back over the limit of {limits.MaxAncestors} commits"
            );

        GitObject commit = Peel(id, GitObjectType.Commit, name[..^suffix.Text.Length], out _);
        if (suffix.Parent == 0)
            return commit.Id;

        for (int i = 0; i < suffix.Generations; i++)
        {
            List<ObjectId> parents = ObjectHeader.ReadParents(commit, repository.Format);
            if (suffix.Parent > parents.Count)
                throw new GitException(
                    GitProblem.NotFound,
                    $"{name}: commit {commit.Id} has {parents.Count} parent{(parents.Count == 1 ? "" : "s")}"
                );

            ObjectId parent = parents[suffix.Parent - 1];
            commit =
                repository.FindObject(parent)
                ?? throw new GitException(
                    GitProblem.NotFound,
                    $"{name}: {parent}, a parent of {commit.Id}, is not in the repository, which may be a shallow clone"
                );
        }

        string how = suffix.Generations switch
        {
            0 => "the commit itself",
            1 => $"parent {suffix.Parent}",
            _ => $"the first parent, {suffix.Generations} times",
        };
        steps.Add(new RevisionStep(name, how, commit.Id));
        return commit.Id;
    }

    private Revision Walk(ObjectId id, string path, string text, List<RevisionStep> steps)
    {
        if (path.StartsWith("./", StringComparison.Ordinal) || path.StartsWith("../", StringComparison.Ordinal))
            throw new GitException(
                GitProblem.BadExpression,
                $"'{text}': paths are those of the tree, not relative to a folder"
            );

        string prefix = text[..^(path.Length + 1)];
        GitObject tree = Peel(id, GitObjectType.Tree, prefix, out _);
        if (tree.Id != id)
            steps.Add(new RevisionStep(prefix + ":", "the tree", tree.Id));

        TreeEntry? entry = null;
        string walked = prefix + ":";
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < names.Length; i++)
        {
            if (i > 0)
            {
                if (entry is not { IsFolder: true })
                    throw Missing(names.Take(i + 1), $": {string.Join('/', names.Take(i))} is no folder");

                tree = repository.ReadObject(entry.Id);
            }

            entry =
                TreeReader.Find(tree, repository.Format, Encoding.UTF8.GetBytes(names[i]))
                ?? throw Missing(names.Take(i + 1), "");
            walked += (i == 0 ? "" : "/") + names[i];
            steps.Add(new RevisionStep(walked, $"mode {Convert.ToString(entry.Mode, 8).PadLeft(6, '0')}", entry.Id));
        }

        return new Revision(entry?.Id ?? tree.Id, steps, entry);

        GitException Missing(IEnumerable<string> parts, string reason) =>
            new(
                GitProblem.NotFound,
                $"there is no '{MessageText.Shorten(string.Join('/', parts))}' in {MessageText.Shorten(prefix)}{reason}"
            );
    }
}
