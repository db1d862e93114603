namespace Osprey.Binary;

/// <summary>Words for the reason why a file can't be read or written.</summary>
/// <remarks>
/// The runtime's own messages name its internals ("Could not find a part of the path '…'"), and call a folder a file
/// without permission. The runtime tells the path only within its message, between quotes.
/// </remarks>
public static class FileProblem
{
    /// <summary>Describes the problem with the path in front, such as "vm.core: there is no such file".</summary>
    /// <param name="exception">An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
    public static string Describe(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return FindPath(exception) is { } path && Explain(exception, path) is { } reason
            ? $"{Shorten(path)}: {reason}"
            : exception.Message;
    }

    /// <summary>Describes the problem without the path, such as "there is no such file".</summary>
    /// <param name="exception">An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
    public static string DescribeWithoutPath(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception is NotAFileException kind)
            return kind.Reason;

        return FindPath(exception) is { } path && Explain(exception, path) is { } reason ? reason : exception.Message;
    }

    private static string? Explain(Exception exception, string path) =>
        exception switch
        {
            FileNotFoundException => "there is no such file",
            DirectoryNotFoundException => FindFileAmongFolders(path) is { } file
                ? $"{file} is a file, not a folder"
                : "there is no such file or folder",
            PathTooLongException => "the name is too long",
            UnauthorizedAccessException => Directory.Exists(path) ? "it is a folder, not a file" : "permission denied",
            IOException when exception.Message.Contains("already exists", StringComparison.Ordinal) =>
                "it exists already",
            IOException => exception.Message.Split(" : '")[0] is { } reason && reason.Length < exception.Message.Length
                ? Decapitalize(reason)
                : null,
            _ => null,
        };

    /// <summary>
    /// Returns the path relative to the current folder where it lies below that: the runtime makes it absolute.
    /// </summary>
    private static string Shorten(string path)
    {
        string folder = Environment.CurrentDirectory.TrimEnd('/') + "/";
        return path.StartsWith(folder, StringComparison.Ordinal) ? path[folder.Length..] : path;
    }

    private static string Decapitalize(string text) =>
        text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;

    /// <summary>Finds what of a path is taken for a folder but is a file.</summary>
    private static string? FindFileAmongFolders(string path)
    {
        for (
            string? part = Path.GetDirectoryName(path);
            !string.IsNullOrEmpty(part);
            part = Path.GetDirectoryName(part)
        )
        {
            if (File.Exists(part))
                return part;
        }

        return null;
    }

    private static string? FindPath(Exception exception)
    {
        if (exception is FileNotFoundException { FileName: { Length: > 0 } name })
            return name;

        string message = exception.Message;
        int start = message.IndexOf('\'', StringComparison.Ordinal);
        int end = message.LastIndexOf('\'');
        return end > start + 1 ? message[(start + 1)..end] : null;
    }
}
