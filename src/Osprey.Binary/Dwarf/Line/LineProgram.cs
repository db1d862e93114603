namespace Osprey.Binary.Dwarf.Line;

/// <summary>Runs a line number program (DWARF 5, section 6.2.5), which produces the rows of a line table.</summary>
internal ref struct LineProgram
{
    private const byte Extended = 0; // start of the DW_LNE_ opcodes
    private const byte Copy = 1; // DW_LNS_copy
    private const byte AdvancePc = 2; // DW_LNS_advance_pc
    private const byte AdvanceLine = 3; // DW_LNS_advance_line
    private const byte SetFile = 4; // DW_LNS_set_file
    private const byte SetColumn = 5; // DW_LNS_set_column
    private const byte NegateStatement = 6; // DW_LNS_negate_stmt
    private const byte SetBasicBlock = 7; // DW_LNS_set_basic_block
    private const byte ConstAddPc = 8; // DW_LNS_const_add_pc
    private const byte FixedAdvancePc = 9; // DW_LNS_fixed_advance_pc
    private const byte SetPrologueEnd = 10; // DW_LNS_set_prologue_end
    private const byte SetEpilogueBegin = 11; // DW_LNS_set_epilogue_begin
    private const byte SetIsa = 12; // DW_LNS_set_isa
    private const byte EndSequence = 1; // DW_LNE_end_sequence
    private const byte SetAddress = 2; // DW_LNE_set_address
    private const byte DefineFile = 3; // DW_LNE_define_file

    private readonly LineHeader _header;
    private readonly LineRowBuffer _rows;
    private readonly ulong _shift;
    private ByteReader _reader;
    private ulong _address;
    private uint _operation;
    private ulong _file;
    private long _line;

    /// <summary>Prepares a program.</summary>
    /// <param name="header">The table's header.</param>
    /// <param name="program">The program's bytes.</param>
    /// <param name="rows">Receives the rows.</param>
    /// <param name="shift">The number that is added to each address.</param>
    public LineProgram(LineHeader header, ByteReader program, LineRowBuffer rows, ulong shift = 0)
    {
        _shift = shift;
        _header = header;
        _reader = program;
        _rows = rows;
        Reset();
    }

    /// <summary>Runs the program to its end.</summary>
    /// <exception cref="BadDataException">
    /// The program is malformed. Sequences that ended before the error stay in the buffer.
    /// </exception>
    public void Run()
    {
        while (!_reader.IsAtEnd)
        {
            byte opcode = _reader.ReadByte();
            if (opcode >= _header.OpcodeBase)
            {
                int adjusted = opcode - _header.OpcodeBase;
                RequireLineRange();
                Advance((uint)(adjusted / _header.LineRange));
                _line = unchecked(_line + _header.LineBase + (adjusted % _header.LineRange));
                AddRow();
            }
            else if (opcode == Extended)
            {
                RunExtended();
            }
            else
            {
                RunStandard(opcode);
            }
        }
    }

    private void RunStandard(byte opcode)
    {
        switch (opcode)
        {
            case Copy:
                AddRow();
                break;
            case AdvancePc:
                Advance(_reader.ReadUleb128());
                break;
            case AdvanceLine:
                _line = unchecked(_line + _reader.ReadSleb128());
                break;
            case SetFile:
                _file = _reader.ReadUleb128();
                break;
            case ConstAddPc:
                RequireLineRange();
                Advance((uint)((255 - _header.OpcodeBase) / _header.LineRange));
                break;
            case FixedAdvancePc:
                _address = unchecked(_address + _reader.ReadUInt16());
                _operation = 0;
                break;
            case NegateStatement or SetBasicBlock or SetPrologueEnd or SetEpilogueBegin:
                break;
            case SetColumn or SetIsa:
                _reader.ReadUleb128();
                break;
            default:
                for (int i = _header.OperandCounts[opcode - 1]; i > 0; i--)
                    _reader.ReadUleb128();

                break;
        }
    }

    private void RunExtended()
    {
        ulong length = _reader.ReadUleb128();
        if (length == 0)
            return;

        ByteReader operands = _reader.Split(length);
        switch (operands.ReadByte())
        {
            case EndSequence:
                _rows.EndSequence(_address);
                Reset();
                break;
            case SetAddress:
                if (operands.Remaining is < 1 or > 8)
                    operands.ThrowBad($"an address of {operands.Remaining} bytes");

                _address = unchecked(operands.ReadUnsigned(operands.Remaining) + _shift);
                _operation = 0;
                break;
            case DefineFile:
                _header.Files.Add(LineHeader.ReadOldFile(ref operands));
                break;
        }
    }

    private void Advance(ulong operations)
    {
        unchecked
        {
            if (_header.MaxOperations == 1)
            {
                _address += operations * _header.MinInstructionLength;
                return;
            }

            ulong total = _operation + operations;
            _address += total / _header.MaxOperations * _header.MinInstructionLength;
            _operation = (uint)(total % _header.MaxOperations);
        }
    }

    private void AddRow() =>
        _rows.Add(
            ref _reader,
            _address,
            _file <= int.MaxValue ? (int)_file : int.MaxValue,
            _line is >= 0 and <= int.MaxValue ? (int)_line : 0
        );

    private readonly void RequireLineRange()
    {
        if (_header.LineRange == 0)
            _reader.ThrowBad("a line range of 0");
    }

    private void Reset()
    {
        _address = 0;
        _operation = 0;
        _file = 1;
        _line = 1;
    }
}
