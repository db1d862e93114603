namespace Osprey.Packets.Applications;

/// <summary>Numbers and names of DNS record types and classes.</summary>
internal static class DomainRecordType
{
    public const ushort Address = 1; // A
    public const ushort NameServer = 2; // NS
    public const ushort CanonicalName = 5; // CNAME
    public const ushort PointerName = 12; // PTR
    public const ushort MailExchange = 15; // MX
    public const ushort Text = 16; // TXT
    public const ushort Address6 = 28; // AAAA
    public const ushort Service = 33; // SRV
    public const ushort DelegationName = 39; // DNAME
    public const ushort Options = 41; // OPT

    /// <summary>Writes a type as <c> A</c>, or as <c> Type1234</c>.</summary>
    public static void Write(ref PacketText text, ushort type)
    {
        text.Write((byte)' ');
        ReadOnlySpan<byte> name = GetName(type);
        if (name.IsEmpty)
            text.Write("Type"u8, type);
        else
            text.Write(name);
    }

    /// <summary>Writes a class other than the Internet's.</summary>
    public static void WriteClass(ref PacketText text, int recordClass)
    {
        switch (recordClass)
        {
            case 1:
                break;
            case 3:
                text.Write(" CHAOS"u8);
                break;
            case 4:
                text.Write(" HS"u8);
                break;
            case 255:
                text.Write(" ANY"u8);
                break;
            default:
                text.Write(" (Class "u8, (uint)recordClass, ")"u8);
                break;
        }
    }

    private static ReadOnlySpan<byte> GetName(ushort type) =>
        type switch
        {
            Address => "A"u8,
            NameServer => "NS"u8,
            3 => "MD"u8,
            4 => "MF"u8,
            CanonicalName => "CNAME"u8,
            6 => "SOA"u8,
            7 => "MB"u8,
            8 => "MG"u8,
            9 => "MR"u8,
            10 => "NULL"u8,
            11 => "WKS"u8,
            PointerName => "PTR"u8,
            13 => "HINFO"u8,
            14 => "MINFO"u8,
            MailExchange => "MX"u8,
            Text => "TXT"u8,
            17 => "RP"u8,
            18 => "AFSDB"u8,
            19 => "X25"u8,
            20 => "ISDN"u8,
            21 => "RT"u8,
            22 => "NSAP"u8,
            23 => "NSAP_PTR"u8,
            24 => "SIG"u8,
            25 => "KEY"u8,
            26 => "PX"u8,
            27 => "GPOS"u8,
            Address6 => "AAAA"u8,
            29 => "LOC"u8,
            30 => "NXT"u8,
            31 => "EID"u8,
            32 => "NIMLOC"u8,
            Service => "SRV"u8,
            34 => "ATMA"u8,
            35 => "NAPTR"u8,
            36 => "KX"u8,
            37 => "CERT"u8,
            38 => "A6"u8,
            DelegationName => "DNAME"u8,
            40 => "SINK"u8,
            Options => "OPT"u8,
            42 => "APL"u8,
            43 => "DS"u8,
            44 => "SSHFP"u8,
            45 => "IPSECKEY"u8,
            46 => "RRSIG"u8,
            47 => "NSEC"u8,
            48 => "DNSKEY"u8,
            99 => "SPF"u8,
            100 => "UINFO"u8,
            101 => "UID"u8,
            102 => "GID"u8,
            103 => "UNSPEC"u8,
            104 => "UNSPECA"u8,
            249 => "TKEY"u8,
            250 => "TSIG"u8,
            251 => "IXFR"u8,
            252 => "AXFR"u8,
            253 => "MAILB"u8,
            254 => "MAILA"u8,
            255 => "ANY"u8,
            256 => "URI"u8,
            _ => [],
        };
}
