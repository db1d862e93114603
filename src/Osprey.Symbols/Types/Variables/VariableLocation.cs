namespace Osprey.Symbols.Types.Variables;

/// <summary>Where a variable is, in one of the ways that debug info can say it. Addresses are link-time.</summary>
public abstract record VariableLocation
{
    private VariableLocation() { }

    /// <summary>At one address for ever (<c>DW_OP_addr</c> alone).</summary>
    public sealed record Static(ulong LinkAddress) : VariableLocation;

    /// <summary>
    /// In each thread's block of thread-locals of the module (<c>DW_OP_form_tls_address</c>,
    /// <c>DW_OP_GNU_push_tls_address</c>).
    /// </summary>
    /// <param name="Offset">Bytes from the start of the module's block: the symbol's value.</param>
    public sealed record ThreadLocal(ulong Offset) : VariableLocation;

    /// <summary>Nowhere: it is a constant (<c>DW_AT_const_value</c>).</summary>
    /// <param name="Bytes">Its bytes as they would lie in memory, as many as its type has.</param>
    public sealed record Constant(ReadOnlyMemory<byte> Bytes) : VariableLocation;

    /// <summary>Where an expression says, evaluated in a frame.</summary>
    /// <param name="Bytes">The expression.</param>
    public sealed record Expression(ReadOnlyMemory<byte> Bytes) : VariableLocation;

    /// <summary>
    /// Where one of several expressions says, by the program counter (<c>.debug_loc</c>, <c>.debug_loclists</c>).
    /// </summary>
    public sealed record List(IReadOnlyList<LocationRange> Ranges) : VariableLocation;

    /// <summary>The file does not say: optimised out, or only declared.</summary>
    public sealed record None : VariableLocation
    {
        /// <summary>The one there is.</summary>
        public static None Instance { get; } = new();
    }
}
