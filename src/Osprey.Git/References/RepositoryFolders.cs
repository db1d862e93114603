using Osprey.Binary;
using Osprey.Git.Storage;

namespace Osprey.Git.References;

/// <summary>The folders of a repository.</summary>
/// <param name="Folder">Its own: <c>.git</c>, that of a worktree or submodule, or a bare repository.</param>
/// <param name="CommonFolder">The one with objects and references, which worktrees share; often the same.</param>
internal sealed record RepositoryFolders(string Folder, string CommonFolder)
{
    private const string FilePrefix = "gitdir:";

    /// <summary>Finds the repository that a folder is, or is in.</summary>
    /// <param name="path">A work tree, a folder in one, a <c>.git</c> folder or file, or a bare repository.</param>
    /// <param name="limits">The limits.</param>
    /// <exception cref="GitException">There is no such folder, or no repository around it.</exception>
    public static RepositoryFolders Find(string path, GitLimits limits)
    {
        bool isFile = File.Exists(path);
        if (!isFile && !Directory.Exists(path))
            throw new GitException(GitProblem.NoRepository, $"{path}: there is no such folder");

        if (isFile)
            return Path.GetFileName(path) == ".git"
                ? Complete(FollowFile(path, limits), limits)
                : throw new GitException(GitProblem.NoRepository, $"{path}: a file, not a folder");

        for (string? folder = Path.GetFullPath(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string inner = Path.Combine(folder, ".git");
            if (File.Exists(inner))
                return Complete(FollowFile(inner, limits), limits);

            if (IsRepository(inner))
                return Complete(inner, limits);

            if (IsRepository(folder))
                return Complete(folder, limits);
        }

        throw new GitException(GitProblem.NoRepository, $"{path}: not a git repository");
    }

    private static bool IsRepository(string folder) =>
        File.Exists(Path.Combine(folder, "HEAD"))
        && (
            File.Exists(Path.Combine(folder, "commondir"))
            || (Directory.Exists(Path.Combine(folder, "objects")) && Directory.Exists(Path.Combine(folder, "refs")))
        );

    /// <summary>Reads the file <c>.git</c> of a worktree or submodule: <c>gitdir: PATH</c>.</summary>
    private static string FollowFile(string path, GitLimits limits)
    {
        string text = TextFile.Read(path, limits);
        if (!text.StartsWith(FilePrefix, StringComparison.Ordinal))
            throw new BadDataException(path, 0, $"expected '{FilePrefix} PATH'");

        string folder = Combine(path, text[FilePrefix.Length..]);
        return IsRepository(folder)
            ? folder
            : throw new GitException(
                GitProblem.NoRepository,
                $"{path}: {MessageText.Shorten(folder)}, which it names, is no repository"
            );
    }

    private static RepositoryFolders Complete(string folder, GitLimits limits)
    {
        string path = Path.Combine(folder, "commondir");
        return new RepositoryFolders(folder, File.Exists(path) ? Combine(path, TextFile.Read(path, limits)) : folder);
    }

    /// <summary>Resolves a path that a file has, relative to the file's folder.</summary>
    private static string Combine(string file, string path)
    {
        string clean = path.Trim();
        if (clean.Length == 0 || clean.Contains('\0'))
            throw new BadDataException(file, 0, "expected a path");

        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, clean));
    }
}
