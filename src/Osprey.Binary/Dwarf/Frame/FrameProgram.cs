namespace Osprey.Binary.Dwarf.Frame;

/// <summary>Executes the call frame program of one entry, row by row.</summary>
internal sealed class FrameProgram
{
    private readonly FrameSection _section;
    private readonly PointerReader _pointers;
    private readonly ParseLimits _limits;
    private readonly FrameState _initial = new();
    private readonly FrameState _state = new();
    private readonly List<FrameState> _saved = [];
    private FrameDescription _description;
    private ulong _location;
    private ulong _argumentsSize;
    private int _position;

    /// <summary>Prepares to execute programs of a section.</summary>
    public FrameProgram(FrameSection section, in PointerReader pointers, ParseLimits limits)
    {
        _section = section;
        _pointers = pointers;
        _limits = limits;
    }

    /// <summary>Starts with an entry: executes the program of its CIE, which gives the first rules.</summary>
    /// <exception cref="BadDataException">The CIE's program is malformed.</exception>
    public void Start(in FrameDescription description)
    {
        _description = description;
        _location = description.Start;
        _argumentsSize = 0;
        _saved.Clear();
        _initial.Clear();
        _state.Clear();
        CommonInformationEntry common = description.Common;
        ByteReader reader = Open(common.ProgramStart, common.ProgramEnd);
        while (!reader.IsAtEnd)
            Execute(ref reader, out _);

        _location = description.Start;
        _initial.CopyFrom(_state);
        _saved.Clear();
        _position = description.ProgramStart;
    }

    /// <summary>
    /// Executes the program up to the end of the next row that ends above <paramref name="linkAddress"/>; null when
    /// there is none.
    /// </summary>
    /// <exception cref="BadDataException">The program is malformed.</exception>
    public UnwindRow? Next(ulong linkAddress)
    {
        if (_location >= _description.End)
            return null;

        ByteReader reader = Open(_position, _description.ProgramEnd);
        ulong from = _location;
        while (!reader.IsAtEnd)
        {
            // Until an operation advances the location, all operations change the same row. The one that advances it
            // changes nothing else.
            Execute(ref reader, out ulong? advanced);
            if (advanced is not { } to || to <= from)
                continue;

            if (to > linkAddress)
            {
                _position = (int)reader.Offset;
                _location = to;
                return Make(from, Math.Min(to, _description.End));
            }

            from = to;
            _location = to;
        }

        _position = _description.ProgramEnd;
        _location = _description.End;
        return from < _description.End ? Make(from, _description.End) : null;
    }

    private UnwindRow Make(ulong start, ulong end) =>
        new(_description, start, end, _state.Cfa, _state.GetRegisters())
        {
            ArgumentsSize = _argumentsSize,
            IsReturnAddressSigned = _state.IsReturnAddressSigned,
        };

    private ByteReader Open(int start, int end) =>
        new(_section.Content.Span[start..end], _section.Name, start, _section.IsBigEndian);

    private void Execute(ref ByteReader reader, out ulong? advanced)
    {
        advanced = null;
        byte code = reader.ReadByte();
        int operand = code & 0x3f;
        switch ((CfaOperation)(code & 0xc0))
        {
            case CfaOperation.AdvanceLocation:
                advanced = Advance((ulong)operand);
                return;
            case CfaOperation.Offset:
                Set(ref reader, operand, RegisterRuleKind.Offset, Scale(unchecked((long)reader.ReadUleb128())));
                return;
            case CfaOperation.Restore:
                Set(ref reader, operand, _initial.Get(operand));
                return;
        }

        switch ((CfaOperation)code)
        {
            case CfaOperation.NoOperation:
                break;
            case CfaOperation.SetLocation:
                advanced = _pointers.Read(ref reader, _description.Common.PointerEncoding, _description.Start);
                break;
            case CfaOperation.AdvanceLocation1:
                advanced = Advance(reader.ReadByte());
                break;
            case CfaOperation.AdvanceLocation2:
                advanced = Advance(reader.ReadUInt16());
                break;
            case CfaOperation.AdvanceLocation4:
                advanced = Advance(reader.ReadUInt32());
                break;
            case CfaOperation.AdvanceLocation8:
                advanced = Advance(reader.ReadUInt64());
                break;
            case CfaOperation.RememberState:
                Remember(ref reader);
                break;
            case CfaOperation.RestoreState:
                if (_saved.Count == 0)
                    reader.ThrowBad("a state is restored that was not remembered");

                _state.CopyFrom(_saved[^1]);
                _saved.RemoveAt(_saved.Count - 1);
                break;
            case CfaOperation.ArgumentsSize:
                _argumentsSize = reader.ReadUleb128();
                break;
            case CfaOperation.NegateReturnAddressState or CfaOperation.NegateReturnAddressStateWithPc:
                _state.IsReturnAddressSigned = !_state.IsReturnAddressSigned;
                break;
            case CfaOperation.DefineCfa
            or CfaOperation.DefineCfaSigned
            or CfaOperation.DefineCfaRegister
            or CfaOperation.DefineCfaOffset
            or CfaOperation.DefineCfaOffsetSigned
            or CfaOperation.DefineCfaExpression:
                DefineCfa((CfaOperation)code, ref reader);
                break;
            default:
                SetRule((CfaOperation)code, ref reader);
                break;
        }
    }

    private void DefineCfa(CfaOperation operation, ref ByteReader reader)
    {
        int register;
        switch (operation)
        {
            case CfaOperation.DefineCfa:
                register = ReadRegister(ref reader);
                _state.Cfa = CfaRule.FromRegister(register, unchecked((long)reader.ReadUleb128()));
                break;
            case CfaOperation.DefineCfaSigned:
                register = ReadRegister(ref reader);
                _state.Cfa = CfaRule.FromRegister(register, Scale(reader.ReadSleb128()));
                break;
            case CfaOperation.DefineCfaExpression:
                _state.Cfa = CfaRule.FromExpression(ReadExpression(ref reader));
                break;
            case CfaOperation.DefineCfaRegister:
                // After an expression there is no offset to keep. Hand-written code does this all the same and means
                // the offset from before, which is 0 here.
                _state.Cfa = CfaRule.FromRegister(ReadRegister(ref reader), _state.Cfa.Offset);
                break;
            default:
                long offset =
                    operation == CfaOperation.DefineCfaOffset
                        ? unchecked((long)reader.ReadUleb128())
                        : Scale(reader.ReadSleb128());
                if (!_state.Cfa.IsDefined || _state.Cfa.Register < 0)
                    reader.ThrowBad("an offset for a CFA that counts from no register");

                _state.Cfa = CfaRule.FromRegister(_state.Cfa.Register, offset);
                break;
        }
    }

    private void SetRule(CfaOperation operation, ref ByteReader reader)
    {
        if (
            operation
            is not (
                >= CfaOperation.OffsetExtended
                and <= CfaOperation.Register
                or CfaOperation.Expression
                or CfaOperation.OffsetExtendedSigned
                or >= CfaOperation.ValueOffset
                and <= CfaOperation.ValueExpression
                or CfaOperation.NegativeOffsetExtended
            )
        )
        {
            reader.ThrowBad($"call frame operation 0x{(byte)operation:x} is not known");
        }

        int register = ReadRegister(ref reader);
        RegisterRule rule = operation switch
        {
            CfaOperation.OffsetExtended => new(RegisterRuleKind.Offset, Scale(unchecked((long)reader.ReadUleb128()))),
            CfaOperation.OffsetExtendedSigned => new(RegisterRuleKind.Offset, Scale(reader.ReadSleb128())),
            CfaOperation.NegativeOffsetExtended => new(
                RegisterRuleKind.Offset,
                unchecked(-Scale((long)reader.ReadUleb128()))
            ),
            CfaOperation.ValueOffset => new(RegisterRuleKind.ValueOffset, Scale(unchecked((long)reader.ReadUleb128()))),
            CfaOperation.ValueOffsetSigned => new(RegisterRuleKind.ValueOffset, Scale(reader.ReadSleb128())),
            CfaOperation.RestoreExtended => _initial.Get(register),
            CfaOperation.Undefined => new(RegisterRuleKind.Undefined),
            CfaOperation.SameValue => new(RegisterRuleKind.SameValue),
            CfaOperation.Register => new(RegisterRuleKind.Register, ReadRegister(ref reader)),
            CfaOperation.Expression => new(RegisterRuleKind.Expression, 0, ReadExpression(ref reader)),
            _ => new(RegisterRuleKind.ValueExpression, 0, ReadExpression(ref reader)),
        };
        Set(ref reader, register, rule);
    }

    private void Remember(ref ByteReader reader)
    {
        if (_saved.Count >= _limits.MaxFrameStates)
            reader.ThrowBad($"more than {_saved.Count} remembered states");

        var saved = new FrameState();
        saved.CopyFrom(_state);
        _saved.Add(saved);
    }

    private ulong Advance(ulong distance) => unchecked(_location + (distance * _description.Common.CodeAlignment));

    private long Scale(long offset) => unchecked(offset * _description.Common.DataAlignment);

    private void Set(ref ByteReader reader, int register, RegisterRuleKind kind, long value) =>
        Set(ref reader, register, new RegisterRule(kind, value));

    private void Set(ref ByteReader reader, int register, in RegisterRule rule)
    {
        if (!_state.TrySet(register, rule))
            reader.ThrowBad("rules for too many registers");
    }

    private static int ReadRegister(ref ByteReader reader)
    {
        ulong register = reader.ReadUleb128();
        if (register > int.MaxValue)
            reader.ThrowBad($"register {register} is over 31 bits");

        return (int)register;
    }

    private ReadOnlyMemory<byte> ReadExpression(ref ByteReader reader)
    {
        ulong size = reader.ReadUleb128();
        int start = (int)reader.Offset;
        reader.Skip(size);
        return _section.Content.Slice(start, (int)size);
    }
}
