using Osprey.Binary;
using Osprey.Binary.Dwarf;
using Osprey.Binary.Dwarf.Expression;
using Osprey.Binary.Dwarf.Info;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types.Variables;
using Osprey.Target.Memory;

namespace Osprey.Target.Unwinding;

/// <summary>A frame as the expressions of its variables see it.</summary>
/// <remarks>
/// Expressions that need something which was not given say so. For one thread at a time.
/// Values at the function's entry are taken from what the caller says it passed; only if its call goes straight to this
/// function, since a function that was jumped to may have been given something else.
/// </remarks>
/// <param name="frame">The frame.</param>
/// <param name="memory">The guest's memory.</param>
/// <param name="bias">Where the frame's module was loaded.</param>
public sealed class FrameExpressionContext(StackFrame frame, IMemoryReader memory, LoadBias bias) : IExpressionContext
{
    // Values at entry may depend on those of the caller, and so on; real chains have a few links.
    private const int MaxCallerDepth = 32;

    /// <summary>More values than any call passes in registers and on the stack.</summary>
    private const int MaxEntryValues = 256;

    private const string NotKnown = "its value at the function's entry is not known: ";

    // Each is computed once: expressions that ask callers for several values, which ask theirs for several, would never
    // end.
    private readonly List<(ReadOnlyMemory<byte> Expression, ulong Value, string? Reason)> _entryValues = [];

    private bool _isInFrameBase;
    private int _entryDepth;

    /// <summary>The frame.</summary>
    public StackFrame Frame => frame;

    /// <summary>The frame base of its function, from <see cref="DebugScope.FrameBase"/>.</summary>
    public VariableLocation? FrameBase { get; init; }

    /// <summary>Its function, from <see cref="DebugScope.Function"/>.</summary>
    public FunctionEntry? Function { get; init; }

    /// <summary>
    /// Gives the frame that called this one, or null. Asked only where a value at the function's entry is wanted.
    /// </summary>
    public Func<FrameExpressionContext?>? FindCaller { get; init; }

    /// <summary>
    /// Gives the run-time address of a thread-local by its offset in the module's block; null when it has none.
    /// </summary>
    public Func<ulong, ulong?>? ThreadLocals { get; init; }

    /// <summary>Address of the object whose member or bound is evaluated.</summary>
    public ulong? ObjectAddress { get; init; }

    private CompilationUnit? Unit => Function?.Unit;

    private UnitEncoding Encoding =>
        Unit?.Encoding ?? new UnitEncoding(5, (byte)frame.Registers.Architecture.PointerSize, 4);

    /// <summary>Finds the place of a variable in this frame.</summary>
    /// <returns>The pieces in their order, at least one; one without a size is the whole.</returns>
    /// <exception cref="BadDataException">Its expression is malformed.</exception>
    public IReadOnlyList<LocationPiece> Locate(VariableLocation location) =>
        location switch
        {
            VariableLocation.Static there =>
            [
                new LocationPiece(new ValueLocation.Memory(bias.ToAddress(there.LinkAddress))),
            ],
            VariableLocation.ThreadLocal local => [new LocationPiece(Locate(local))],
            VariableLocation.Constant constant => [new LocationPiece(new ValueLocation.Implicit(constant.Bytes))],
            VariableLocation.Expression expression => Evaluate(expression.Bytes),
            VariableLocation.List list => FindExpression(list) is { } bytes
                ? Evaluate(bytes)
                : [new LocationPiece(new ValueLocation.OptimizedOut("the program does not keep it here"))],
            _ => [new LocationPiece(new ValueLocation.OptimizedOut("debug info does not say where it is"))],
        };

    /// <summary>
    /// The number that an expression leaves in this frame: what would be an address is the number itself.
    /// </summary>
    /// <param name="expression">One expression, or several by the program counter.</param>
    /// <param name="value">The number.</param>
    /// <param name="reason">The reason why it is not known; null when there is no expression.</param>
    /// <exception cref="BadDataException">The expression is malformed.</exception>
    public bool TryEvaluate(VariableLocation expression, out ulong value, out string? reason)
    {
        ReadOnlyMemory<byte>? bytes = expression switch
        {
            VariableLocation.Expression single => single.Bytes,
            VariableLocation.List list => FindExpression(list),
            _ => null,
        };
        value = 0;
        reason = null;
        return bytes is { } some
            && new ExpressionMachine(Encoding).TryEvaluateValue(some, this, null, out value, out reason);
    }

    /// <inheritdoc/>
    public bool TryReadRegister(int dwarfRegister, out ulong value)
    {
        value = 0;
        return frame.Registers.Architecture.FindDwarfRegister(dwarfRegister) is { } register
            && frame.Registers.TryGet(register, out value);
    }

    /// <inheritdoc/>
    public string DescribeRegister(int dwarfRegister) =>
        frame.Registers.Architecture.FindDwarfRegister(dwarfRegister)?.Name ?? $"register {dwarfRegister}";

    /// <inheritdoc/>
    public bool TryReadMemory(ulong address, Span<byte> buffer) => memory.TryRead(address, buffer);

    /// <inheritdoc/>
    public ulong ToAddress(ulong linkAddress) => bias.ToAddress(Unit?.Move(linkAddress) ?? linkAddress);

    /// <inheritdoc/>
    public bool TryGetFrameBase(out ulong value, out string? reason)
    {
        value = 0;
        reason = null;
        if (FrameBase is null || _isInFrameBase)
            return false;

        _isInFrameBase = true;
        try
        {
            return TryEvaluate(FrameBase, out value, out reason);
        }
        finally
        {
            _isInFrameBase = false;
        }
    }

    /// <inheritdoc/>
    public bool TryGetCanonicalFrameAddress(out ulong value, out string? reason)
    {
        value = frame.CanonicalFrameAddress ?? 0;
        reason = null;
        return frame.CanonicalFrameAddress is not null;
    }

    /// <inheritdoc/>
    public bool TryGetThreadLocalAddress(ulong offset, out ulong address, out string? reason)
    {
        ulong? found = ThreadLocals?.Invoke(offset);
        address = found ?? 0;
        reason = null;
        return found is not null;
    }

    /// <inheritdoc/>
    public bool TryGetObjectAddress(out ulong address, out string? reason)
    {
        address = ObjectAddress ?? 0;
        reason = null;
        return ObjectAddress is not null;
    }

    /// <inheritdoc/>
    public bool TryGetAddressAt(ulong index, out ulong linkAddress, out string? reason)
    {
        linkAddress = Unit?.GetStoredAddress(index) ?? 0;
        reason = null;
        return Unit is not null;
    }

    /// <inheritdoc/>
    public bool TryGetBaseType(ulong unitOffset, out ExpressionType type)
    {
        type = default;
        return Unit is not null && UnitExpressions.TryGetBaseType(Unit, unitOffset, out type);
    }

    /// <inheritdoc/>
    public bool TryGetProcedure(ulong offset, bool isUnitRelative, out ReadOnlyMemory<byte> expression)
    {
        expression = default;
        return Unit is not null && UnitExpressions.TryGetProcedure(Unit, offset, isUnitRelative, out expression);
    }

    /// <inheritdoc/>
    public bool TryGetEntryValue(ReadOnlyMemory<byte> expression, out ulong value, out string? reason)
    {
        foreach ((ReadOnlyMemory<byte> asked, ulong known, string? missing) in _entryValues)
        {
            if (asked.Span.SequenceEqual(expression.Span))
            {
                (value, reason) = (known, missing);
                return missing is null;
            }
        }

        value = 0;
        reason =
            _entryValues.Count >= MaxEntryValues
                ? NotKnown + "more values than a call passes"
                : ComputeEntryValue(expression, out value);
        if (_entryValues.Count < MaxEntryValues)
            _entryValues.Add((expression, value, reason));

        return reason is null;
    }

    /// <returns>The reason why it is not known; null when it is known.</returns>
    private string? ComputeEntryValue(ReadOnlyMemory<byte> expression, out ulong value)
    {
        value = 0;
        if (_entryDepth >= MaxCallerDepth)
            return NotKnown + "it depends on too many callers";

        if (FindCaller?.Invoke() is not { Function: { } function } caller || !caller.Frame.Address.IsReturnAddress)
            return NotKnown + "no debug info of the caller";

        ulong returnAddress = caller.Frame.Address.Value;
        if (Function?.LinkAddress is not { } entry || GetCallTarget(returnAddress) != bias.ToAddress(entry))
            return NotKnown + "the caller does not call it directly";

        if (
            !UnitExpressions.TryFindCallValue(
                function.Unit,
                function.Offset,
                caller.ToLinkAddress(returnAddress),
                expression.Span,
                out ReadOnlyMemory<byte> passed
            )
        )
            return NotKnown + "the caller does not say what it passes";

        int before = caller._entryDepth;
        caller._entryDepth = _entryDepth + 1;
        try
        {
            return new ExpressionMachine(function.Unit.Encoding).TryEvaluateValue(
                passed,
                caller,
                null,
                out value,
                out string? reason
            )
                ? null
                : reason;
        }
        finally
        {
            caller._entryDepth = before;
        }
    }

    private ulong ToLinkAddress(ulong address) => bias.ToLinkAddress(address);

    private ValueLocation Locate(VariableLocation.ThreadLocal local) =>
        TryGetThreadLocalAddress(local.Offset, out ulong address, out _)
            ? new ValueLocation.Memory(address)
            : new ValueLocation.Unavailable("the thread's storage is not known");

    private IReadOnlyList<LocationPiece> Evaluate(ReadOnlyMemory<byte> expression) =>
        new ExpressionMachine(Encoding).Evaluate(expression, this);

    private ReadOnlyMemory<byte>? FindExpression(VariableLocation.List list)
    {
        ulong pc = bias.ToLinkAddress(frame.Address.Lookup);
        foreach (LocationRange range in list.Ranges)
        {
            if (pc >= range.Start && pc < range.End)
                return range.Expression;
        }

        return null;
    }

    /// <summary>
    /// Reads the target of the call in front of a return address; null when the call does not name it itself.
    /// </summary>
    private ulong? GetCallTarget(ulong returnAddress)
    {
        if (frame.Registers.Architecture.Calls is not { } calls || returnAddress < (ulong)calls.DirectCallSize)
            return null;

        Span<byte> call = stackalloc byte[calls.DirectCallSize];
        return memory.TryRead(returnAddress - (ulong)call.Length, call) ? calls.GetTarget(call, returnAddress) : null;
    }
}
