using System.Globalization;
using System.Text;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>
/// Our own note of the guest's programs. Owner <c>OSPREY</c>, type 0x4f50: UTF-8 text, four fields for each program,
/// each ended by a zero byte: "kernel" or "module", the bias in hex digits, the build-id in hex digits, the path.
/// </summary>
internal static class CoreProgramsNote
{
    public const uint Type = 0x4f50;

    private const int FieldCount = 4;
    private const int MaxPrograms = 4096;
    private const int MaxSize = 1 << 20;
    private const int MaxBuildIdDigits = 128;
    private const string Kernel = "kernel";
    private const string Module = "module";

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Makes the content of the note.</summary>
    public static byte[] Build(IReadOnlyList<CoreProgram> programs)
    {
        var text = new StringBuilder();
        foreach (CoreProgram program in programs.Take(MaxPrograms))
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(program.IsKernel ? Kernel : Module)}\0{program.Bias:x}\0{program.BuildId}\0{program.Path}\0"
            );

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads the note; nothing of one that is malformed.</summary>
    public static IReadOnlyList<CoreProgram> Read(ReadOnlySpan<byte> note)
    {
        if (note.IsEmpty || note.Length > MaxSize || note[^1] != 0)
            return [];

        string[] fields;
        try
        {
            fields = s_strict.GetString(note[..^1]).Split('\0');
        }
        catch (DecoderFallbackException)
        {
            return [];
        }

        if (fields.Length % FieldCount != 0 || fields.Length / FieldCount > MaxPrograms)
            return [];

        var programs = new List<CoreProgram>();
        for (int i = 0; i < fields.Length; i += FieldCount)
        {
            if (
                fields[i] is not (Kernel or Module)
                || !ulong.TryParse(
                    fields[i + 1],
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out ulong bias
                )
                || fields[i + 2].Length > MaxBuildIdDigits
                || !fields[i + 2].All(char.IsAsciiHexDigit)
                || fields[i + 3].Length == 0
            )
                return [];

            programs.Add(new CoreProgram(fields[i] == Kernel, fields[i + 3], fields[i + 2], bias));
        }

        return programs;
    }
}
