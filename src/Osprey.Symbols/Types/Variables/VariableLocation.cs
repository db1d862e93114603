namespace Osprey.Symbols.Types.Variables;

/// <summary>
/// The location of a variable, in one of the ways in which debug info can give it. Addresses are link-time.
/// </summary>
public abstract record VariableLocation
{
    private VariableLocation() { }

    /// <summary>The variable is always at one address (<c>DW_OP_addr</c> alone).</summary>
    /// <param name="LinkAddress">Link-time address of its first byte.</param>
    public sealed record Static(ulong LinkAddress) : VariableLocation;

    /// <summary>
    /// Each thread has its own, in its block of the module's thread-locals (<c>DW_OP_form_tls_address</c>,
    /// <c>DW_OP_GNU_push_tls_address</c>).
    /// </summary>
    /// <param name="Offset">Bytes from the start of the block; equal to the symbol's value.</param>
    public sealed record ThreadLocal(ulong Offset) : VariableLocation;

    /// <summary>The variable is a constant without a place (<c>DW_AT_const_value</c>).</summary>
    /// <param name="Bytes">The bytes as they would lie in memory, as many as its type has.</param>
    public sealed record Constant(ReadOnlyMemory<byte> Bytes) : VariableLocation;

    /// <summary>An expression gives the location, when it is evaluated in a frame.</summary>
    /// <param name="Bytes">The expression.</param>
    public sealed record Expression(ReadOnlyMemory<byte> Bytes) : VariableLocation;

    /// <summary>
    /// One of several expressions gives the location; the program counter decides which (<c>.debug_loc</c>,
    /// <c>.debug_loclists</c>).
    /// </summary>
    /// <param name="Ranges">The expressions with their ranges; the first that holds the program counter counts.</param>
    public sealed record List(IReadOnlyList<LocationRange> Ranges) : VariableLocation;

    /// <summary>The file gives no location: the variable was optimised out, or is only declared.</summary>
    public sealed record None : VariableLocation
    {
        /// <summary>The only object of this type.</summary>
        public static None Instance { get; } = new();
    }
}
