namespace Osprey.Probes.Operands;

/// <summary>An argument of a probe at one of its sites.</summary>
/// <param name="Text">The argument as the file has it, such as <c>-4@%esi</c>.</param>
/// <param name="Size">The size in bytes; 0 where the file does not say, as in old ones.</param>
/// <param name="IsSigned">True for a number with a sign.</param>
/// <param name="IsFloating">True for a floating-point number (<c>8f@</c>).</param>
/// <param name="Operand">Its place.</param>
public sealed record ProbeArgument(string Text, int Size, bool IsSigned, bool IsFloating, ProbeOperand Operand)
{
    /// <summary>The operand as the file has it, such as <c>%esi</c>.</summary>
    public string OperandText => Text[(Text.IndexOf('@') + 1)..];

    /// <summary>The type in C's words, such as <c>int32_t</c>; null where the size is not known.</summary>
    public string? TypeName =>
        (IsFloating, Size) switch
        {
            (_, 0) => null,
            (true, 4) => "float",
            (true, 8) => "double",
            (true, _) => $"float{Size * 8}",
            _ => $"{(IsSigned ? "" : "u")}int{Size * 8}_t",
        };
}
