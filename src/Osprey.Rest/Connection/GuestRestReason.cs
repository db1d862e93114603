namespace Osprey.Rest.Connection;

/// <summary>
/// The reason of a failure that the user can mend with an option that the front end has its own name for.
/// </summary>
/// <remarks>
/// This library does not know whether a person at a command line, a web page or a program uses it. So it says why, and
/// the front end says which of its options helps. A program sets the property of <see cref="GuestRestOptions"/> that
/// each member names.
/// </remarks>
public enum GuestRestReason
{
    /// <summary>No such reason: <see cref="GuestRestException.Advice"/> has all there is to say.</summary>
    None,

    /// <summary>
    /// No trusted authority signed the server's certificate, or it is out of date. Helps:
    /// <see cref="GuestRestOptions.CaCertificate"/> or <see cref="GuestRestOptions.NoVerify"/>.
    /// </summary>
    UntrustedCertificate,

    /// <summary>
    /// The server's certificate is for another host than the one in the URL. Helps: the right name in
    /// <see cref="GuestRestOptions.Url"/>, or <see cref="GuestRestOptions.NoVerify"/>.
    /// </summary>
    CertificateOfOtherHost,

    /// <summary>
    /// The server may ask for a client certificate, and none was accepted. Helps:
    /// <see cref="GuestRestOptions.ClientCertificate"/> and <see cref="GuestRestOptions.ClientKey"/>.
    /// </summary>
    ClientCertificateNeeded,

    /// <summary>
    /// Certificates were given for an http URL. Helps: an https URL, or to leave out
    /// <see cref="GuestRestOptions.ClientCertificate"/>, <see cref="GuestRestOptions.ClientKey"/> and
    /// <see cref="GuestRestOptions.CaCertificate"/>.
    /// </summary>
    CertificateWithoutTls,

    /// <summary>
    /// A client key was given without its certificate. Helps: <see cref="GuestRestOptions.ClientCertificate"/>.
    /// </summary>
    KeyWithoutCertificate,

    /// <summary>
    /// No tracepoint has the name or a similar one. Helps: a list of the guest's tracepoints.
    /// <see cref="GuestRestException.TracepointCount"/> says how many there are, if that is known.
    /// </summary>
    NoSuchTracepoint,
}
