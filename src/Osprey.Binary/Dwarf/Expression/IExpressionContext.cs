namespace Osprey.Binary.Dwarf.Expression;

/// <summary>
/// What a DWARF expression asks of the place it is evaluated in. What is not overridden is not there.
/// </summary>
public interface IExpressionContext
{
    /// <summary>A register's value in the frame of the expression.</summary>
    /// <param name="dwarfRegister">The number that DWARF gives the register.</param>
    /// <param name="value">Its value.</param>
    bool TryReadRegister(int dwarfRegister, out ulong value);

    /// <summary>Reads all of a range of memory or says that it can't.</summary>
    bool TryReadMemory(ulong address, Span<byte> buffer);

    /// <summary>Where a link-time address is at run time.</summary>
    ulong ToAddress(ulong linkAddress) => linkAddress;

    /// <summary>The frame's base (<c>DW_OP_fbreg</c>).</summary>
    /// <param name="value">A run-time address.</param>
    /// <param name="reason">Why it is not known; null when the context can't say.</param>
    bool TryGetFrameBase(out ulong value, out string? reason) => Lacks(out value, out reason);

    /// <summary>The frame's CFA (<c>DW_OP_call_frame_cfa</c>).</summary>
    bool TryGetCanonicalFrameAddress(out ulong value, out string? reason) => Lacks(out value, out reason);

    /// <summary>Run-time address of a thread-local (<c>DW_OP_form_tls_address</c>).</summary>
    /// <param name="offset">Bytes from the start of the module's block.</param>
    /// <param name="address">The address.</param>
    /// <param name="reason">Why it is not known; null when the context can't say.</param>
    bool TryGetThreadLocalAddress(ulong offset, out ulong address, out string? reason) =>
        Lacks(out address, out reason);

    /// <summary>
    /// Address of the object whose description holds the expression (<c>DW_OP_push_object_address</c>).
    /// </summary>
    bool TryGetObjectAddress(out ulong address, out string? reason) => Lacks(out address, out reason);

    /// <summary>The value of that number in the unit's part of <c>.debug_addr</c>, as it stands there.</summary>
    bool TryGetAddressAt(ulong index, out ulong linkAddress, out string? reason) => Lacks(out linkAddress, out reason);

    /// <summary>What an expression had as its value when the function was entered (<c>DW_OP_entry_value</c>).</summary>
    /// <param name="expression">One register, or an expression.</param>
    /// <param name="value">The value.</param>
    /// <param name="reason">Why it is not known; null when the context can't say.</param>
    bool TryGetEntryValue(ReadOnlyMemory<byte> expression, out ulong value, out string? reason) =>
        Lacks(out value, out reason);

    /// <summary>The value that the caller passes for a parameter (<c>DW_OP_GNU_parameter_ref</c>).</summary>
    /// <param name="unitOffset">Where the parameter's entry is in the unit.</param>
    /// <param name="value">The value.</param>
    /// <param name="reason">Why it is not known; null when the context can't say.</param>
    bool TryGetParameterValue(ulong unitOffset, out ulong value, out string? reason) => Lacks(out value, out reason);

    /// <summary>The base type that an entry describes.</summary>
    /// <param name="unitOffset">Where the entry is in the unit.</param>
    /// <param name="type">The type.</param>
    bool TryGetBaseType(ulong unitOffset, out ExpressionType type)
    {
        type = default;
        return false;
    }

    /// <summary>
    /// The expression that another entry has as its location (<c>DW_OP_call2</c>, <c>DW_OP_call4</c>,
    /// <c>DW_OP_call_ref</c>).
    /// </summary>
    /// <param name="offset">Where the entry is.</param>
    /// <param name="isUnitRelative">
    /// Whether that counts from the start of the unit; else from that of <c>.debug_info</c>.
    /// </param>
    /// <param name="expression">Its expression; empty when the entry has none.</param>
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
