namespace Osprey.Binary.Dwarf.Expression;

/// <summary>
/// Gives a DWARF expression the registers, memory and other facts of the place where it is evaluated. A method that an
/// implementation leaves out reports that its fact is not known.
/// </summary>
public interface IExpressionContext
{
    /// <summary>Reads a register's value in the frame of the expression.</summary>
    /// <param name="dwarfRegister">The register's DWARF number.</param>
    /// <param name="value">The register's value.</param>
    /// <returns>False when the value is not known.</returns>
    bool TryReadRegister(int dwarfRegister, out ulong value);

    /// <summary>Names a register by its DWARF number, for messages.</summary>
    string DescribeRegister(int dwarfRegister) => $"register {dwarfRegister}";

    /// <summary>Reads a range of memory.</summary>
    /// <param name="address">A run-time address.</param>
    /// <param name="buffer">Receives the bytes.</param>
    /// <returns>False when not all of the range can be read.</returns>
    bool TryReadMemory(ulong address, Span<byte> buffer);

    /// <summary>Converts a link-time address of the expression's module to a run-time one.</summary>
    ulong ToAddress(ulong linkAddress) => linkAddress;

    /// <summary>Finds the base address of the frame (<c>DW_OP_fbreg</c>).</summary>
    /// <param name="value">A run-time address.</param>
    /// <param name="reason">The reason why it is not known; null when the context gives none.</param>
    bool TryGetFrameBase(out ulong value, out string? reason) => Lacks(out value, out reason);

    /// <summary>Finds the CFA of the frame (<c>DW_OP_call_frame_cfa</c>).</summary>
    bool TryGetCanonicalFrameAddress(out ulong value, out string? reason) => Lacks(out value, out reason);

    /// <summary>Finds the run-time address of a thread-local (<c>DW_OP_form_tls_address</c>).</summary>
    /// <param name="offset">Bytes from the start of the module's block of thread-locals.</param>
    /// <param name="address">The address.</param>
    /// <param name="reason">The reason why it is not known; null when the context gives none.</param>
    bool TryGetThreadLocalAddress(ulong offset, out ulong address, out string? reason) =>
        Lacks(out address, out reason);

    /// <summary>
    /// Finds the address of the object whose description holds the expression (<c>DW_OP_push_object_address</c>).
    /// </summary>
    bool TryGetObjectAddress(out ulong address, out string? reason) => Lacks(out address, out reason);

    /// <summary>Reads the value at an index of the unit's part of <c>.debug_addr</c>, as it is stored there.</summary>
    bool TryGetAddressAt(ulong index, out ulong linkAddress, out string? reason) => Lacks(out linkAddress, out reason);

    /// <summary>
    /// Finds the value that an expression had when the function was entered (<c>DW_OP_entry_value</c>).
    /// </summary>
    /// <param name="expression">A single register operation, or any other expression.</param>
    /// <param name="value">The value.</param>
    /// <param name="reason">The reason why it is not known; null when the context gives none.</param>
    bool TryGetEntryValue(ReadOnlyMemory<byte> expression, out ulong value, out string? reason) =>
        Lacks(out value, out reason);

    /// <summary>Finds the value that the caller passes for a parameter (<c>DW_OP_GNU_parameter_ref</c>).</summary>
    /// <param name="unitOffset">Offset of the parameter's entry from the unit's start.</param>
    /// <param name="value">The value.</param>
    /// <param name="reason">The reason why it is not known; null when the context gives none.</param>
    bool TryGetParameterValue(ulong unitOffset, out ulong value, out string? reason) => Lacks(out value, out reason);

    /// <summary>Finds the base type that an entry describes.</summary>
    /// <param name="unitOffset">Offset of the entry from the unit's start.</param>
    /// <param name="type">The type.</param>
    /// <returns>False when the entry is not a base type that expressions can compute with.</returns>
    bool TryGetBaseType(ulong unitOffset, out ExpressionType type)
    {
        type = default;
        return false;
    }

    /// <summary>
    /// Finds the expression that another entry has as its location (<c>DW_OP_call2</c>, <c>DW_OP_call4</c>,
    /// <c>DW_OP_call_ref</c>).
    /// </summary>
    /// <param name="offset">Offset of the entry.</param>
    /// <param name="isUnitRelative">
    /// True when the offset counts from the unit's start; false when it counts from that of <c>.debug_info</c>.
    /// </param>
    /// <param name="expression">The expression; empty when the entry has none.</param>
    /// <returns>False when the entry was not found, or has no single expression.</returns>
    bool TryGetProcedure(ulong offset, bool isUnitRelative, out ReadOnlyMemory<byte> expression)
    {
        expression = default;
        return false;
    }

    private static bool Lacks(out ulong value, out string? reason)
    {
        value = 0;
        reason = null;
        return false;
    }
}
