using System.Globalization;

namespace Osprey.Tests.Guests.Kernel;

/// <summary>What gdb says of a frame.</summary>
/// <param name="Cpu">The vCPU, from 0.</param>
/// <param name="Pc">The next instruction, or the return address.</param>
/// <param name="IsInlined">Whether the function was inlined into that of the next frame.</param>
/// <param name="IsTailCaller">
/// Whether gdb only concludes that there was such a frame: its function's last deed was a jump to the next inner one.
/// </param>
/// <param name="Function">The function; empty when gdb knows none.</param>
/// <param name="File">The source file; empty when gdb knows none.</param>
/// <param name="Line">The line in it; 0 when gdb knows none.</param>
/// <param name="Variables">
/// Parameters and local variables that have one meaning in the frame, as gdb prints them.
/// </param>
internal sealed record KernelFrame(
    int Cpu,
    ulong Pc,
    bool IsInlined,
    bool IsTailCaller,
    string Function,
    string File,
    int Line,
    IReadOnlyDictionary<string, string> Variables
)
{
    /// <summary>
    /// Whether the kernel has no call frame information for it: it is of a source in assembly language, or of a
    /// program.
    /// </summary>
    public bool IsUncharted =>
        File.Length == 0
        || File.EndsWith(".S", StringComparison.Ordinal)
        || Function.StartsWith("asm_", StringComparison.Ordinal);

    public static KernelFrame Parse(string line)
    {
        string[] parts = line.Split('\t');
        var variables = new Dictionary<string, string>();
        for (int i = 6; i + 1 < parts.Length; i += 2)
            variables.Add(parts[i], parts[i + 1]);

        return new KernelFrame(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            ulong.Parse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            parts[2] == "inline",
            parts[2] == "tail",
            parts[3],
            parts[4],
            int.Parse(parts[5], CultureInfo.InvariantCulture),
            variables
        );
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Pc:x} {Function}{(IsInlined ? " (inlined)" : "")} {File}:{Line}";
}
