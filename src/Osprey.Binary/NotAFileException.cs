namespace Osprey.Binary;

/// <summary>What a path leads to has no content that can be read at any place: it is a pipe or a socket.</summary>
/// <param name="path">The path.</param>
/// <param name="reason">What was found, in words.</param>
internal sealed class NotAFileException(string path, string reason) : IOException($"{path}: {reason}")
{
    /// <summary>The message without the path.</summary>
    public string Reason { get; } = reason;
}
