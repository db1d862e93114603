namespace Osprey.Traces.Formats.Osvt;

/// <summary>One chunk of a dump: where its payload lies in the file.</summary>
/// <param name="Tag">The tag's four characters, first one highest.</param>
/// <param name="Offset">The payload's first byte.</param>
/// <param name="Size">The payload's bytes that the file really has.</param>
internal readonly record struct OsvtChunk(uint Tag, long Offset, long Size)
{
    public const uint Dictionary = ('T' << 24) | ('R' << 16) | ('C' << 8) | 'D';
    public const uint Modules = ('M' << 24) | ('O' << 16) | ('D' << 8) | 'S';
    public const uint Symbols = ('S' << 24) | ('Y' << 16) | ('M' << 8) | 'B';
    public const uint Samples = ('T' << 24) | ('R' << 16) | ('C' << 8) | 'S';

    /// <summary>Facts about the guest: the first chunk of a recording that Osprey made.</summary>
    public const uint Facts = ('O' << 24) | ('S' << 16) | ('P' << 8) | 'I';

    /// <summary>The CPU and the losses of the samples in the next chunk, in a recording.</summary>
    public const uint Piece = ('O' << 24) | ('S' << 16) | ('P' << 8) | 'R';

    /// <summary>Functions, files and lines of addresses, in a recording.</summary>
    public const uint Names = ('O' << 24) | ('S' << 16) | ('P' << 8) | 'N';

    /// <summary>What the guest's clock shows beside one of the host, in a recording. The last one counts.</summary>
    public const uint Clock = ('O' << 24) | ('S' << 16) | ('P' << 8) | 'C';

    /// <summary>The tag as text, for messages.</summary>
    public string Name =>
        string.Create(
            4,
            Tag,
            (text, tag) =>
            {
                for (int i = 0; i < text.Length; i++)
                {
                    char character = (char)((tag >> (24 - (8 * i))) & 0xff);
                    text[i] = char.IsAsciiLetterOrDigit(character) ? character : '?';
                }
            }
        );
}
