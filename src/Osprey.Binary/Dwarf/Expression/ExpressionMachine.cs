using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Osprey.Binary.Dwarf.Expression;

// How expressions work. A DWARF expression is a program for a stack machine (DWARF 5, section 2.5). Debug info uses it
// wherever a fixed number is not enough: the place of a variable ("the frame base plus 24"), the length of an array, a
// rule of call frame information. Its result is read in one of two ways:
//
// * As a location (Evaluate): the object is in memory at the address on top of the stack, or in a register, or nowhere
//   while its value is known, or in several pieces with a location each.
// * As a plain value (TryEvaluateValue): the number on top of the stack. Call frame information and array bounds use
//   this.
//
// The machine knows nothing of processes. It asks its IExpressionContext for registers, memory, the frame base and so
// on, so the same code runs on live guests, cores and in tests.
//
// A value that is not available (an unknown register, unreadable memory) does not end the evaluation. It goes onto the
// stack marked as missing, with the reason; whatever is computed from it is missing for the same reason. So an object
// of which one piece is lost still shows its other pieces. Only when the next step itself depends on a missing value (a
// branch, an unknown operation) does the whole expression fail, with that reason.
//
// Values carry a type, since DWARF 5: the generic type, as wide as an address, whose sign the operation decides, or a
// base type of the unit. Arithmetic on both wraps at the type's size (ExpressionArithmetic).
//
// Expressions come from files and run on what a guest's memory holds, so nothing in them is trusted: the number of
// steps (loops are possible), the depth of the stack, the number of pieces and the depth of calls are bounded by
// ParseLimits, and a jump must stay within the expression. A violation is a BadDataException; a missing value never is.

/// <summary>Evaluates DWARF expressions of versions 2 to 5, with the GNU extensions.</summary>
/// <remarks>A machine can evaluate many expressions, one after the other. Not thread-safe.</remarks>
public sealed partial class ExpressionMachine
{
    private const string SourceName = "DWARF expression";
    private const int FirstStackSize = 16;

    private readonly UnitEncoding _encoding;
    private readonly bool _isBigEndian;
    private readonly ParseLimits _limits;
    private readonly ExpressionType _generic;
    private readonly List<LocationPiece> _pieces = [];
    private StackValue[] _stack = new StackValue[FirstStackSize];
    private int _count;
    private int _steps;
    private ValueLocation? _location;
    private ValueLocation? _failure;
    private IExpressionContext _context = NoContext.Instance;

    /// <summary>Creates a machine.</summary>
    /// <param name="encoding">The version, and the sizes of the expressions' operands.</param>
    /// <param name="isBigEndian">True when operands, and the memory that expressions read, are big-endian.</param>
    /// <param name="limits">Limits on what an expression may do; null for the default ones.</param>
    public ExpressionMachine(UnitEncoding encoding, bool isBigEndian = false, ParseLimits? limits = null)
    {
        if (encoding.AddressSize is not (2 or 4 or 8))
            throw new ArgumentOutOfRangeException(nameof(encoding));

        _encoding = encoding;
        _isBigEndian = isBigEndian;
        _limits = limits ?? ParseLimits.Default;
        _generic = new ExpressionType(ExpressionTypeKind.Generic, encoding.AddressSize);
    }

    /// <summary>Evaluates a location expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="context">The frame and memory that it is evaluated on.</param>
    /// <returns>
    /// The pieces of the object in their order, at least one; a piece without a size is the whole object. An empty
    /// expression gives <see cref="ValueLocation.OptimizedOut"/>.
    /// </returns>
    /// <exception cref="BadDataException">The expression is malformed, or exceeds a limit.</exception>
    public IReadOnlyList<LocationPiece> Evaluate(ReadOnlyMemory<byte> expression, IExpressionContext context)
    {
        Start(context);
        Run(expression, 0);
        if (_failure is not null)
            return [new LocationPiece(_failure)];

        if (_pieces.Count > 0)
            return [.. _pieces];

        return [new LocationPiece(TakeLocation())];
    }

    /// <summary>
    /// Evaluates an expression as a value, the one on top of the stack: for rules of call frame information and for
    /// array bounds.
    /// </summary>
    /// <param name="expression">The expression.</param>
    /// <param name="context">The frame and memory that it is evaluated on.</param>
    /// <param name="initial">The value that is on the stack at the start; null for none.</param>
    /// <param name="value">The value; 0 when there is none.</param>
    /// <param name="reason">The reason why there is no value; null when there is one.</param>
    /// <returns>False when the value is not available.</returns>
    /// <exception cref="BadDataException">The expression is malformed, or exceeds a limit.</exception>
    public bool TryEvaluateValue(
        ReadOnlyMemory<byte> expression,
        IExpressionContext context,
        ulong? initial,
        out ulong value,
        [NotNullWhen(false)] out string? reason
    )
    {
        Start(context);
        if (initial is { } some)
            Push(some);

        Run(expression, 0);
        ValueLocation location = _failure ?? (_pieces.Count > 0 ? _pieces[0].Location : TakeLocation());
        value = 0;
        reason = null;
        switch (location)
        {
            // The caller wants a value, not a location: what would be an address is the value.
            case ValueLocation.Memory memory when _pieces.Count == 0:
                value = memory.Address;
                return true;
            case ValueLocation.Value computed when _pieces.Count == 0:
                value = computed.Bits;
                return true;
            case ValueLocation.Register register when _pieces.Count == 0:
                if (context.TryReadRegister(register.Number, out value))
                    return true;

                reason = $"{context.DescribeRegister(register.Number)} is not known";
                return false;
            case ValueLocation.OptimizedOut gone:
                reason = gone.Reason;
                return false;
            case ValueLocation.Unavailable missing:
                reason = missing.Reason;
                return false;
            default:
                reason = "the expression gives no plain value";
                return false;
        }
    }

    private void Start(IExpressionContext context)
    {
        _context = context;
        _count = 0;
        _steps = 0;
        _location = null;
        _failure = null;
        _pieces.Clear();
    }

    /// <summary>Returns the location that the operations since the last piece give, and starts a new one.</summary>
    private ValueLocation TakeLocation()
    {
        ValueLocation location = _location switch
        {
            { } some => some,
            null when _count == 0 => new ValueLocation.OptimizedOut("the program does not keep it here"),
            _ => Pop() is var top && top.Missing is { } missing ? missing : new ValueLocation.Memory(top.Bits),
        };
        _location = null;
        return location;
    }

    private void Run(ReadOnlyMemory<byte> expression, int depth)
    {
        var reader = new ByteReader(expression.Span, SourceName, 0, _isBigEndian);
        while (!reader.IsAtEnd && _failure is null)
        {
            if (++_steps > _limits.MaxExpressionSteps)
                reader.ThrowBad($"more than {_limits.MaxExpressionSteps} operations");

            long start = reader.Offset;
            var operation = (DwarfOperation)reader.ReadByte();
            if (
                _location is not null
                && operation
                    is not (
                        DwarfOperation.Piece
                        or DwarfOperation.BitPiece
                        or DwarfOperation.GnuUninitialized
                        or DwarfOperation.NoOperation
                    )
            )
            {
                throw new BadDataException(
                    SourceName,
                    start,
                    $"operation 0x{(byte)operation:x} follows one that ends a location"
                );
            }

            switch (operation)
            {
                case DwarfOperation.Branch:
                case DwarfOperation.Skip:
                    Jump(ref reader, operation);
                    break;
                case DwarfOperation.Call2:
                    Call(ref reader, reader.ReadUInt16(), true, depth);
                    break;
                case DwarfOperation.Call4:
                    Call(ref reader, reader.ReadUInt32(), true, depth);
                    break;
                case DwarfOperation.CallReference:
                    Call(ref reader, ReadReference(ref reader), false, depth);
                    break;
                case DwarfOperation.ImplicitValue:
                    ulong size = reader.ReadUleb128();
                    int position = reader.Position;
                    reader.Skip(size);
                    _location = new ValueLocation.Implicit(expression.Slice(position, (int)size));
                    break;
                case DwarfOperation.EntryValue:
                case DwarfOperation.GnuEntryValue:
                    ulong length = reader.ReadUleb128();
                    int from = reader.Position;
                    reader.Skip(length);
                    PushAnswer(
                        _context.TryGetEntryValue(
                            expression.Slice(from, (int)length),
                            out ulong entryValue,
                            out string? reason
                        ),
                        entryValue,
                        new ValueLocation.OptimizedOut(reason ?? "its value at the function's entry is not known")
                    );
                    break;
                default:
                    Execute(operation, ref reader, start);
                    break;
            }
        }
    }

    private void Jump(ref ByteReader reader, DwarfOperation operation)
    {
        short distance = unchecked((short)reader.ReadUInt16());
        if (operation == DwarfOperation.Branch)
        {
            StackValue condition = Pop(ref reader);
            if (condition.Missing is not null)
            {
                _failure = condition.Missing;
                return;
            }

            if (condition.Bits == 0)
                return;
        }

        int target = reader.Position + distance;
        if (target < 0 || target > reader.Position + reader.Remaining)
            reader.ThrowBad($"a jump by {distance}, out of the expression");

        reader.Seek((ulong)target);
    }

    private void Call(ref ByteReader reader, ulong offset, bool isUnitRelative, int depth)
    {
        if (depth >= _limits.MaxReferenceDepth)
            reader.ThrowBad($"calls nested over {_limits.MaxReferenceDepth} deep");

        if (_context.TryGetProcedure(offset, isUnitRelative, out ReadOnlyMemory<byte> procedure))
            Run(procedure, depth + 1);
        else
            _failure = new ValueLocation.Unavailable($"the expression at 0x{offset:x} that it calls can't be read");
    }

    /// <summary>Reads a reference to an entry: as wide as an address in version 2, as an offset later.</summary>
    private ulong ReadReference(ref ByteReader reader) =>
        reader.ReadUnsigned(_encoding.Version <= 2 ? _encoding.AddressSize : _encoding.OffsetSize);

    private void Push(ulong value) => Push(StackValue.Of(value, _generic));

    private void Push(in StackValue value)
    {
        if (_count == _stack.Length)
        {
            if (_count >= _limits.MaxExpressionStack)
                throw new BadDataException(SourceName, 0, $"a stack of over {_limits.MaxExpressionStack} values");

            Array.Resize(ref _stack, Math.Min(_count * 2, Math.Max(_limits.MaxExpressionStack, FirstStackSize)));
        }

        _stack[_count++] = value;
    }

    private void PushMissing(string reason) => Push(new StackValue(0, _generic, new ValueLocation.Unavailable(reason)));

    private void PushAnswer(bool isKnown, ulong value, ValueLocation missing)
    {
        if (isKnown)
            Push(value);
        else
            Push(new StackValue(0, _generic, missing));
    }

    private StackValue Pop() => _stack[--_count];

    private StackValue Pop(ref ByteReader reader)
    {
        if (_count == 0)
            reader.ThrowBad("an operation on an empty stack");

        return _stack[--_count];
    }

    /// <summary>Reads a value of a type from memory and pushes it.</summary>
    private void PushMemory(in StackValue address, int size, ExpressionType type)
    {
        if (address.Missing is not null)
        {
            Push(address with { Type = type });
            return;
        }

        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        if (!_context.TryReadMemory(address.Bits, _isBigEndian ? bytes[^size..] : bytes[..size]))
        {
            Push(new StackValue(0, type, new ValueLocation.Unavailable($"memory at 0x{address.Bits:x} can't be read")));
            return;
        }

        ulong bits = _isBigEndian
            ? BinaryPrimitives.ReadUInt64BigEndian(bytes)
            : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Push(StackValue.Of(bits, type));
    }

    private sealed class NoContext : IExpressionContext
    {
        public static NoContext Instance { get; } = new();

        public bool TryReadRegister(int dwarfRegister, out ulong value)
        {
            value = 0;
            return false;
        }

        public bool TryReadMemory(ulong address, Span<byte> buffer) => false;
    }
}
