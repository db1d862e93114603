using System.Text;
using Osprey.Binary;

namespace Osprey.Git.Storage;

/// <summary>Reads a repository's small text files.</summary>
internal static class TextFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="BadDataException">The file is too large for what it should be.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static string Read(string path, GitLimits limits)
    {
        using ByteSource file = ByteSource.OpenFile(path);
        if (file.Length > limits.MaxTextSize)
            throw new BadDataException(path, 0, $"{file.Length} bytes are over the limit of {limits.MaxTextSize}");

        return Encoding.UTF8.GetString(file.Slice(0, file.Length).Span);
    }
}
