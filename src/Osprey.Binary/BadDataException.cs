namespace Osprey.Binary;

/// <summary>
/// An error in an input that does not follow its format: says which input, where in it, and what was expected there.
/// </summary>
/// <remarks>
/// Only parsers throw it. It is caught once per input (module load, trace open) and shown to the user as one line.
/// </remarks>
public sealed class BadDataException : Exception
{
    /// <summary>Creates the error for a place in an input.</summary>
    /// <param name="source">
    /// The input's name as the user knows it: a path, or a section such as <c>.debug_info</c>.
    /// </param>
    /// <param name="offset">Bytes from the start of <paramref name="source"/>.</param>
    /// <param name="problem">What was found and what was expected.</param>
    public BadDataException(string source, long offset, string problem)
        : base($"{MessageText.Escape(source)}+0x{offset:x}: {MessageText.Clean(problem)}")
    {
        DataSource = source;
        Offset = offset;
        Problem = MessageText.Clean(problem);
    }

    /// <summary>The input's name as the user knows it.</summary>
    public string DataSource { get; }

    /// <summary>Bytes from the start of <see cref="DataSource"/>.</summary>
    public long Offset { get; }

    /// <summary>The error, without the place: what was found and what was expected.</summary>
    public string Problem { get; }
}
