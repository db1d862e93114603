using Osprey.Git.Objects;

namespace Osprey.Git.References;

/// <summary>What a repository's <c>config</c> says about its format.</summary>
/// <param name="Format">The hash that objects are named by.</param>
/// <param name="ReferenceFormat">The way in which references are stored, such as "files" or "reftable".</param>
internal sealed record RepositoryConfiguration(ObjectFormat Format, string ReferenceFormat)
{
    /// <summary>The one that a repository without a <c>config</c> has.</summary>
    public static RepositoryConfiguration Default { get; } = new(ObjectFormat.Sha1, "files");

    /// <summary>Reads the text of a <c>config</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file's path, for errors.</param>
    /// <exception cref="GitException">The repository has a format that this reader does not know.</exception>
    public static RepositoryConfiguration Parse(string text, string path)
    {
        string section = "";
        string objectFormat = "sha1";
        string referenceFormat = "files";
        string version = "0";
        foreach (string whole in text.Split('\n'))
        {
            string line = whole.Trim();
            if (line.StartsWith('['))
            {
                int end = line.IndexOf(']', StringComparison.Ordinal);
                section = end < 0 ? "" : line[1..end].Trim().ToLowerInvariant();
                line = end < 0 ? "" : line[(end + 1)..].Trim();
            }

            if (line.Length == 0 || line[0] is '#' or ';')
                continue;

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            string key = (equals < 0 ? line : line[..equals]).Trim().ToLowerInvariant();
            string value = equals < 0 ? "true" : CleanValue(line[(equals + 1)..]);
            switch (section, key)
            {
                case ("core", "repositoryformatversion"):
                    version = value;
                    break;
                case ("extensions", "objectformat"):
                    objectFormat = value.ToLowerInvariant();
                    break;
                case ("extensions", "refstorage"):
                    referenceFormat = value.ToLowerInvariant();
                    break;
            }
        }

        if (version is not ("0" or "1"))
            throw new GitException(
                GitProblem.Unsupported,
                $"{path}: version {version} of the repository format is neither 0 nor 1"
            );

        ObjectFormat format =
            ObjectFormat.Find(objectFormat)
            ?? throw new GitException(
                GitProblem.Unsupported,
                $"{path}: the object format '{objectFormat}' is neither sha1 nor sha256"
            );
        return new RepositoryConfiguration(format, referenceFormat);
    }

    /// <summary>Takes a comment, blanks and quotes off a value.</summary>
    private static string CleanValue(string value)
    {
        int comment = value.AsSpan().IndexOfAny('#', ';');
        return (comment < 0 ? value : value[..comment]).Trim().Trim('"');
    }
}
